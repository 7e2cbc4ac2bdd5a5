/** The event that is sent: a finished clip as BSR writes it, which carries its number and the moment at which it was due. */

/** The body of the `n`-th clip. The sink reads `dueAt` back from the URL that the mapping makes of the file's name. */
export function clip(n: number, dueAt: number, room: number): string {
  const id = `c32bc811-ab4b-49fd-84c7-${n.toString(16).padStart(12, '0')}`;
  return (
    `{"id":"${id}","event":"clip.generated","payload":{"id":${n},"room_id":"${room}","cover":"${n}.jpg",` +
    `"file":"${n}_${dueAt.toFixed(3)}_.mp4","note":"","length":121,"size":53049119,"status":0,"bvid":"","title":"","desc":"",` +
    `"tags":"","area":0,"created_at":"2025-09-07T00:16:11.747461+08:00","platform":"bilibili"},"timestamp":1757175371}`
  );
}

/** The moment at which the event of a body was due, in whatever shape it has arrived; NaN where none can be found. */
export function dueAtOf(body: string): number {
  const end = body.indexOf('_.mp4');
  return end < 0 ? Number.NaN : Number(body.slice(body.lastIndexOf('_', end - 1) + 1, end));
}

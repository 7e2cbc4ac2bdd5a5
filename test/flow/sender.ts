/** Senders: BSR events that can be told apart, and a way to post many of them that remembers which were accepted. */
import { Agent, request as httpRequest } from 'node:http';

export interface Posted {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Posts a body; rejects where no whole answer came. */
export function post(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers: answered } = response;
        resolve({ status: statusCode, body: Buffer.concat(chunks).toString(), headers: answered });
      });
    });
    request.end(body);
  });
}

/** The `n`-th of many clips: a body of BSR from v2.16 on, with an id of its own and a file that is named for it. */
export function clip(n: number, room = '27183290', desc = ''): string {
  const id = `c32bc811-ab4b-49fd-84c7-${n.toString(16).padStart(12, '0')}`;
  const payload = {
    ...{ id: n, room_id: room, cover: `${n}.jpg`, file: `${n}.mp4`, note: '', length: 121, size: 53049119, status: 0 },
    ...{ bvid: '', title: '', desc, tags: '', area: 0, created_at: '2025-09-07T00:16:11.747461+08:00' },
    platform: 'bilibili',
  };
  return JSON.stringify({ id, event: 'clip.generated', payload, timestamp: 1757175371 });
}

/** Which clip a body that a target received is about: BSR's own, or RemoteMonster's record. */
export function clipNumber(body: string): number {
  const { url, payload } = JSON.parse(body) as { url?: string; payload?: { file: string } };
  return Number(/(\d+)\.mp4$/.exec(url ?? payload?.file ?? '')?.[1]);
}

export interface Sending {
  /** Clips that were answered 2xx. */
  readonly accepted: ReadonlySet<number>;
  /** Clips that were answered otherwise, with the status; 0 where no answer came. */
  readonly refused: ReadonlyMap<number, number>;
  /** Resolves when every clip was answered or failed. */
  readonly done: Promise<void>;
  /** Resolves when so many have been accepted; rejects where all are through before. */
  acceptedAtLeast(count: number): Promise<void>;
}

export interface SendingOptions {
  readonly url: string;
  readonly from?: number;
  readonly count: number;
  /** Posts under way at once. */
  readonly callers?: number;
  readonly room?: (n: number) => string;
  /** A description, to make the events large. */
  readonly desc?: string;
}

/** Posts clips `from`, `from + 1`, …, each once. */
export function sendClips({ url, from = 1, count, callers = 16, room, desc }: SendingOptions): Sending {
  const accepted = new Set<number>();
  const refused = new Map<number, number>();
  const waiting: { readonly count: number; readonly resolve: () => void; readonly reject: (error: Error) => void }[] =
    [];
  let next = from;
  const call = async (): Promise<void> => {
    while (next < from + count) {
      const n = next++;
      const status = await post(url, clip(n, room?.(n), desc)).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status >= 200 && status < 300) accepted.add(n);
      else refused.set(n, status);
      for (const waiter of waiting) if (accepted.size >= waiter.count) waiter.resolve();
    }
  };
  const done = Promise.all(Array.from({ length: callers }, call)).then(() => {
    for (const waiter of waiting) waiter.reject(new Error(`only ${accepted.size} were accepted`));
  });
  return {
    accepted,
    refused,
    done,
    acceptedAtLeast: (least) =>
      accepted.size >= least
        ? Promise.resolve()
        : new Promise((resolve, reject) => waiting.push({ count: least, resolve, reject })),
  };
}

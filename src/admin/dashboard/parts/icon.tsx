/** The dashboard's few pictures, drawn in one weight. */

const PATHS = {
  overview: 'M3 6h4c4 0 4 8 8 8h2M3 14h4c1.5 0 2.4-1.1 3.2-2.5M12.5 7.2C13.2 6.5 14 6 15 6h2',
  events: 'M4 5h12M4 10h12M4 15h8',
  targets: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  playground: 'M7 6l-4 4 4 4M13 6l4 4-4 4M11.5 4l-3 12',
  inspector: 'M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4zM12.8 12.8L17 17',
  sun: 'M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.4 1.4M14.3 14.3l1.4 1.4M15.7 4.3l-1.4 1.4M5.7 14.3l-1.4 1.4',
  moon: 'M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5z',
  auto: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 3v14M10 6.5h4.5M10 10h7M10 13.5h4.5',
  help: 'M7.5 7.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M10 14.5v.1',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  check: 'M4 10.5l4 4 8-9',
  cross: 'M5 5l10 10M15 5L5 15',
  dash: 'M5 10h10',
  back: 'M12 4l-6 6 6 6',
  arrow: 'M3 10h13M12 6l4 4-4 4',
  pause: 'M7 4v12M13 4v12',
  play: 'M6 4l10 6-10 6z',
  pulse: 'M2 10h4l2-6 4 12 2-6h4',
  alert: 'M10 3l8 14H2zM10 8v4M10 14.5v.1',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

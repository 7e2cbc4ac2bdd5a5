/** The command that sends a first event to this relay. */
import type { Overview } from '../../api-schema.ts';

/** A telling event of each format that has documented samples. */
const SAMPLES: Readonly<Record<string, string>> = {
  bsr: 'bsr/record.ended',
  remotemonster: 'remotemonster/record.done',
  sigma: 'sigma/channel_ended',
  streamrec: 'streamrec/upload_ready',
};

/** Nothing where no source takes a documented sample. */
export function SendHint({ overview }: { readonly overview: Pick<Overview, 'flow' | 'relay'> }) {
  const source = overview.flow.sources.find(({ format, enabled }) => enabled && format in SAMPLES);
  if (!source) return null;
  return (
    <code>
      npx dragoman send {SAMPLES[source.format]} --to {overview.relay.server_url}
      {source.path}
    </code>
  );
}

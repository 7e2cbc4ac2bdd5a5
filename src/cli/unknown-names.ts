/** Names in a filter that neither the configuration nor the store knows: that nothing is found by them must not look like an answer. */
import type { ConfigDraft } from '../config/draft.ts';
import { formats } from '../formats/index.ts';
import { nearest } from '../kit/problem.ts';
import { OWN_SOURCE } from '../model/source.ts';
import type { Ledger, Page, Store } from '../stores/store.ts';
import { targetNameOf } from '../subscriptions/subscriber.ts';
import { createSubscriberStore } from '../subscriptions/subscriber-store.ts';
import { Failure } from './terminal.ts';

export interface NameFilter {
  readonly source?: string;
  readonly type?: string;
  readonly target?: string;
  readonly rule?: string;
}

interface Named {
  readonly what: string;
  readonly name: string;
  /** Undefined where any name may be known. */
  readonly known: readonly string[] | undefined;
  /** A page of what is stored under the name. */
  readonly stored: (before: { readonly before?: string }) => Promise<Page<unknown>>;
}

/** For a filter by which nothing was found: fails with the nearest name where one is unknown. A name of an earlier configuration is known as long as something is stored under it. */
export async function refuseUnknownNames(filter: NameFilter, store: Store, config: ConfigDraft): Promise<void> {
  for (const { what, name, known, stored } of await namesIn(filter, store, config)) {
    if (!known || known.includes(name) || (await holdsAny(stored))) continue;
    throw new Failure(
      `there is no ${what} "${name}", in the configuration or in the store`,
      nearest(name, known) ?? (known.length > 0 ? known.join(', ') : undefined),
    );
  }
}

async function namesIn(filter: NameFilter, { ledger, shared }: Store, config: ConfigDraft): Promise<Named[]> {
  const { source, type, target, rule } = filter;
  const named: Named[] = [];
  if (source !== undefined) named.push(sourceNamed(source, config, ledger));
  if (type !== undefined) {
    const stored: Named['stored'] = (before) => ledger.events({ type, limit: 1, ...before });
    named.push({ what: 'event type', name: type, known: knownTypes(config), stored });
  }
  if (target !== undefined) {
    const subscribers = [...(await createSubscriberStore(shared).all()).values()].map(({ id }) => targetNameOf(id));
    const known = [...config.targets.map(({ name }) => name), ...subscribers];
    const stored: Named['stored'] = (before) => ledger.deliveries({ target, limit: 1, ...before });
    named.push({ what: 'target', name: target, known, stored });
  }
  if (rule !== undefined) {
    const stored: Named['stored'] = (before) => ledger.deliveries({ rule, limit: 1, ...before });
    named.push({ what: 'rule', name: rule, known: config.rules.map(({ name }) => name), stored });
  }
  return named;
}

function sourceNamed(source: string, config: ConfigDraft, ledger: Ledger): Named {
  const known = [...config.sources.map(({ name }) => name), ...(config.alarms.length > 0 ? [OWN_SOURCE] : [])];
  return { what: 'source', name: source, known, stored: (before) => ledger.events({ source, limit: 1, ...before }) };
}

/** A source of an open format, and the relay with its alarms, may have events of any type. */
function knownTypes(config: ConfigDraft): readonly string[] | undefined {
  const used = config.sources.map(({ format }) => formats.get(format ?? ''));
  if (config.alarms.length > 0 || used.some((format) => format?.open)) return undefined;
  return [...new Set(used.flatMap((format) => Object.keys(format?.events ?? {})))];
}

async function holdsAny(stored: Named['stored']): Promise<boolean> {
  let page = await stored({});
  while (page.items.length === 0 && page.next !== undefined) page = await stored({ before: page.next });
  return page.items.length > 0;
}

/** The command line: from argv to one command, and from what it throws to an exit code. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { DEFAULT_CONFIG } from './default-config.ts';
import { Failure, type Terminal, terminalOf } from './terminal.ts';

const EXIT_USAGE = 2;
const EXIT_DEFECT = 70;

/** Commands that list what one id stands for. */
const LISTS: ReadonlySet<string> = new Set(['events', 'deliveries']);

/** A command's module: it is loaded when it is called, so that `dragoman check` does not wait for a web server. */
type Action = (input: {
  readonly args: string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}) => Promise<void> | void;

/** Runs the command of `argv` (as in `process.argv`) and sets the exit code: 0 good, 1 the input is at fault, 2 wrong usage, 70 our fault. */
export async function main(argv: readonly string[]): Promise<void> {
  const terminal = terminalOf(process);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
  try {
    await program(terminal, argv).parseAsync(argv as string[]);
  } catch (error) {
    process.exitCode = report(error, terminal);
  }
}

/** Whoever read the output has seen enough: `dragoman operators | head -1`. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

function report(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof Failure) {
    terminal.complain(error.message);
    return error.exitCode;
  }
  const detail = process.env.DRAGOMAN_DEBUG ? (error as Error).stack : (error as Error).message;
  terminal.complain(
    `Error: this is a defect in dragoman: ${detail}\n  Try: run it again with DRAGOMAN_DEBUG=1 and report what it prints`,
  );
  return EXIT_DEFECT;
}

function program(terminal: Terminal, argv: readonly string[]): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const root = new Command('dragoman')
    .description('A self-hosted relay that translates between webhook formats')
    .version(version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .showHelpAfterError('  Try: dragoman --help')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'Error: ')) });
  const id = argv.find((word) => /^(?:evt|dlv)_[0-9a-z]{26}/.test(word));
  const command = (usage: string, about: string, load: () => Promise<{ readonly run: Action }>): Command =>
    root
      .command(usage)
      .description(about)
      .showHelpAfterError(
        `  Try: dragoman ${id && LISTS.has(usage) ? `show ${id}` : `${usage.split(' ', 1)[0]} --help`}`,
      )
      .addOption(new Option('--config <file>', 'the configuration').default(DEFAULT_CONFIG).env('DRAGOMAN_CONFIG'))
      .option('--json', 'print JSON for machines')
      .action(async (...received: unknown[]) => {
        const self = received.at(-1) as Command;
        const { run } = await load();
        await run({ args: self.args, options: self.opts(), terminal });
      });

  command('serve', 'run the relay', () => import('./serve.ts'));
  command('check', 'check configuration, rules and mappings', () => import('./check.ts'));
  command('test [names...]', 'run the tests beside the mappings', () => import('./test.ts'));
  command(
    'translate [file]',
    'translate a payload from a file or standard input; no network',
    () => import('./translate.ts'),
  )
    .requiredOption('--from <format>', 'the format of the payload')
    .requiredOption('--to <format>', 'the format to write')
    .option('--mapping <file>', 'a mapping file instead of the one for this pair')
    .option('--param <key=value>', 'a constant for the mapping; may be repeated', collect, [])
    .option('--method <method>', 'the method of the request', 'POST')
    .option('--query <query>', 'the query of the request, for formats that are told by it', '');
  command(
    'explain [id-or-file]',
    'say what each rule and mapping makes of an event, and why',
    () => import('./explain.ts'),
  ).option('--source <name>', 'read the payload from a file (or standard input) as if it came from this source');
  command(
    'send <event>',
    'post a documented sample, FORMAT/EVENT or FORMAT/EVENT/SAMPLE, to a running relay',
    () => import('./send.ts'),
  )
    .option('--to <url>', 'the URL; by default the first source of that format in the configuration')
    .option('--sample <name>', 'which sample of the event')
    .option('--print', 'print the payload and send nothing')
    .option('--fresh', 'with an id and a time of its own, so that it is no repeat');
  command('events', 'list the events, newest first', () => import('./events.ts'))
    .option('--source <name>', 'from this source')
    .option('--type <type>', 'of this event type')
    .option('--state <state>', 'accepted, unmatched, ignored, or a delivery state')
    .option('--text <text>', 'with this text in id, key or body')
    .option('--since <when>', 'a duration (2h) or a time (2026-01-31T12:00Z)')
    .option('--limit <count>', 'at most this many', '20')
    .option('--before <cursor>', 'the next page')
    .addHelpText('after', '\nWhat was refused at the door is no event: dragoman refusals');
  command('refusals', 'list what was refused at the door, newest first', () => import('./refusals.ts'))
    .option('--source <name>', 'at this source')
    .option('--code <code>', 'for this reason, such as SECRET_WRONG')
    .option('--limit <count>', 'at most this many', '20');
  command('deliveries', 'list the deliveries, newest first', () => import('./deliveries.ts'))
    .option('--state <state>', 'waiting, delivered, dropped, dead or expired')
    .option('--target <name>', 'to this target')
    .option('--rule <name>', 'because of this rule')
    .option('--since <when>', 'a duration (2h) or a time (2026-01-31T12:00Z)')
    .option('--limit <count>', 'at most this many', '20')
    .option('--before <cursor>', 'the next page');
  command('targets [action] [name]', 'list the targets; pause or resume one', () => import('./targets.ts')).addHelpText(
    'after',
    `
  dragoman targets              how each is: running, paused, stopped, breaker open; what waits, what is dead, the last error
  dragoman targets pause NAME   send nothing to it until it is resumed
  dragoman targets resume NAME  end a pause, a stop or an open breaker; what waits for a later try is due at once`,
  );
  command(
    'replay [ids...]',
    'send deliveries again, or before their next try: of ids, or all that a filter finds',
    () => import('./replay.ts'),
  )
    .option('--state <state>', 'dead, delivered, dropped, expired or waiting')
    .option('--target <name>', 'to this target')
    .option('--rule <name>', 'because of this rule')
    .option('--since <when>', 'a duration (2h) or a time (2026-01-31T12:00Z)')
    .option('--retranslate', "with today's mapping instead of the same bytes")
    .option('--dry-run', 'show what would change and send nothing');
  command('ledger', 'account for every accepted event', () => import('./ledger.ts')).option(
    '--recount',
    'count the rows as well: slow, and must agree',
  );
  command(
    'backup <file>',
    'copy the SQLite store to a file that must not exist yet, beside a running relay',
    () => import('./backup.ts'),
  );
  command('migrate', 'move everything from a SQLite file to an empty PostgreSQL database', () => import('./migrate.ts'))
    .requiredOption('--from <store>', 'sqlite:FILE, which no relay has open')
    .requiredOption('--to <store>', 'postgres://user:password@host/database, empty');
  command('show <id>', 'show an event or a delivery with everything that happened to it', () => import('./show.ts'));
  command(
    'capture <id>',
    "write an event and what today's mappings make of it as a test beside them",
    () => import('./capture.ts'),
  ).option('--name <name>', 'what the test is called');
  command('register', 'create or update the webhooks of sources with `register:`', () => import('./register.ts'))
    .option('--source <name>', 'only of this source')
    .option('--remove', 'delete them instead');
  command('subscribers', 'who has subscribed, and who is switched off', () => import('./subscribers.ts'));
  command('formats [name]', 'the formats, their events and fields', () => import('./formats.ts'));
  command('operators [name]', 'the operators of mappings and filters', () => import('./operators.ts'));
  command('schema', 'the JSON Schema of the configuration', () => import('./schema.ts'));
  return root;
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

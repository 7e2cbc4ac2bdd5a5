/** Debian's Chromium, driven as a reader's browser, with an eye on what no page of ours may do. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGS = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long something on a page may take to appear before it counts as missing: long, for a machine that is busy. */
export const PATIENCE_MS = 30_000;

export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) {
    throw new Error(
      `the dashboard is tested in a real browser, and there is none at ${EXECUTABLE}\n  Try: apt-get install -y chromium, or set CHROMIUM to the path of one`,
    );
  }
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
}

export interface Reader extends AsyncDisposable {
  readonly page: Page;
  /** Goes to a place of the dashboard, `#/events` and the like, and waits until it has loaded. */
  open(hash: string): Promise<void>;
  /** What went wrong so far: errors in the console, refused by the CSP, calls of another host. Empty where all is well. */
  readonly faults: readonly string[];
}

export interface ReaderOptions {
  readonly url: string;
  readonly language?: 'en-GB' | 'zh-CN';
  /** What the reader types when the browser asks for a password. */
  readonly token?: string;
  /** The pages' clock goes on by itself, and ahead where `page.clock` is told to. */
  readonly clock?: 'by hand';
}

/** A reader with a browser of their own: no setting, permission or open page is left from one to the next. */
export async function openReader(browser: Browser, options: ReaderOptions): Promise<Reader> {
  const { url, language = 'en-GB', token, clock } = options;
  const { context, leave } = await enterContext(browser, {
    viewport: { width: 1600, height: 900 },
    colorScheme: 'light',
    locale: language,
    reducedMotion: 'reduce',
    ...(clock === undefined ? {} : { clock }),
    ...(token === undefined ? {} : { httpCredentials: { username: '', password: token } }),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) faults.push(`another host: ${request.url()}`);
  });
  return {
    page,
    faults,
    async open(hash) {
      await page.goto(`${url}/${hash}`);
      await page.locator('h1').first().waitFor();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
    },
    [Symbol.asyncDispose]: leave,
  };
}

/** Contexts that readers have left, by what they were opened with. */
const left = new WeakMap<Browser, Map<string, BrowserContext[]>>();

/** A context that nobody is in. One that was left is taken before another is opened, which starts processes and compiles every script anew. */
async function enterContext(
  browser: Browser,
  { clock, ...wanted }: BrowserContextOptions & Pick<ReaderOptions, 'clock'>,
) {
  const ofBrowser = left.getOrInsertComputed(browser, () => new Map());
  const free = ofBrowser.getOrInsertComputed(JSON.stringify({ clock, ...wanted }), () => []);
  const open = async (): Promise<BrowserContext> => {
    const context = await browser.newContext(wanted);
    if (clock) await context.clock.install();
    await context.newPage(); // stays empty and open: the last page would end the process that it is in
    return context;
  };
  const context = free.pop() ?? (await open());
  return {
    context,
    async leave(): Promise<void> {
      const [, ...pages] = context.pages();
      await Promise.all(pages.map((page) => page.close()));
      await context.clearPermissions();
      await context.setStorageState({ cookies: [], origins: [] });
      free.push(context);
    },
  };
}

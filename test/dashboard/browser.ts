/** Debian's Chromium, driven as a reader's browser, with an eye on what no page of ours may do. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

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
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en-GB' | 'zh-CN';
  /** What the reader types when the browser asks for a password. */
  readonly token?: string;
}

/** A reader with a browser of their own: nothing is remembered from one to the next. */
export async function openReader(browser: Browser, options: ReaderOptions): Promise<Reader> {
  const { url, width = 1600, theme = 'light', language = 'en-GB', token } = options;
  const wanted: BrowserContextOptions = {
    viewport: { width, height: 900 },
    colorScheme: theme,
    locale: language,
    reducedMotion: 'reduce',
    ...(token === undefined ? {} : { httpCredentials: { username: '', password: token } }),
  };
  const context = await browser.newContext(wanted);
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
    async [Symbol.asyncDispose]() {
      await context.close();
    },
  };
}

import { existsSync } from 'node:fs';
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';

/** Milliseconds: far above what a page needs, for a machine with other work. Playwright's own limits are 30 s. */
const patience = 120_000;

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** False where no Chromium is on this machine: tests that need one are skipped then. */
export const hasChromium = program !== undefined;
if (!hasChromium) console.warn('no Chromium on this machine: tests in a browser are skipped');

/** A browser that asks nothing of its maker. */
export interface TestChromium {
  /** A profile of its own, whose pages wait as long as a busy machine may need. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

export async function startChromium(): Promise<TestChromium> {
  const browser = await chromium.launch({
    executablePath: program ?? '', timeout: patience,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return {
    async newContext(options) {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(patience);
      return context;
    },
    close: () => browser.close(),
  };
}

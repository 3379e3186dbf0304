import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Starts the machine's Chromium, or the one that CHROMIUM names. */
export function launchChromium(): Promise<Browser> {
  const executablePath = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].find((path) => path !== undefined && existsSync(path));
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    // Root has no sandbox.
    args: ['--no-sandbox'],
  });
}

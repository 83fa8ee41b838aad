import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Frame, Page, Request as PageRequest, Route } from 'playwright-core';
import { app } from './app.ts';
import { getChromium } from './chromium.ts';
import { ipcMain } from './ipcMain.ts';
import { nativeTheme } from './nativeTheme.ts';
import { createPreloadModules, type PageAnswer, type PageMessage } from './pageSide.ts';
import { emitPreventable } from './preventable.ts';
import { answerByScheme, toAppAddress, toChromiumAddress } from './protocol.ts';
import { session } from './session.ts';
import { toWebFrame } from './webFrame.ts';

const binding = '__standinCall';
const delivery = '__standinDeliver';

interface WindowOpenDetails {
  url: string;
}
type WindowOpenHandler = (details: WindowOpenDetails) => { action: 'allow' | 'deny' };

export interface WebContentsOptions {
  preload?: string | undefined;
  width: number;
  height: number;
}

/** The preload as Chromium runs it: in the page's own frame, not in frames inside it. */
function preloadScript(preload: string): string {
  return `if (window === window.top) {
    const require = (${createPreloadModules.toString()})(${JSON.stringify(binding)}, ${JSON.stringify(delivery)});
    (function (require, module, exports) {\n${readFileSync(preload, 'utf8')}\n})(require, { exports: {} }, {});
  }`;
}

export class WebContents extends EventEmitter {
  readonly session = session.defaultSession;
  /** Errors that the page wrote to its console or threw. */
  readonly pageErrors: string[] = [];
  /** Addresses of windows that the page wanted to open. */
  readonly windowsAsked: string[] = [];
  readonly page: Promise<Page>;
  #isDestroyed = false;
  #url = '';
  /** The address that the app itself is loading: no navigation of the page's. */
  #loading: string | undefined;
  #windowOpenHandler: WindowOpenHandler = () => ({ action: 'allow' });
  /** Messages reach the page in the order in which they were sent. */
  #sent: Promise<unknown> = Promise.resolve();

  constructor(options: WebContentsOptions) {
    super();
    this.page = this.#open(options);
    // Whoever awaits the page hears of it; without this, Node would end the process first.
    this.page.catch(() => undefined);
    app.emit('web-contents-created', {}, this);
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  getURL(): string {
    return this.#url;
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#windowOpenHandler = handler;
  }

  async loadURL(address: string): Promise<void> {
    const page = await this.page;
    this.#loading = address;
    await page.goto(toChromiumAddress(address));
  }

  send(channel: string, ...args: unknown[]): void {
    const message = { delivery, channel, args: structuredClone(args) };
    this.#sent = Promise.all([this.page, this.#sent])
      .then(([page]) =>
        page.evaluate((one) => {
          const deliver = Reflect.get(globalThis, one.delivery) as (channel: string, args: unknown[]) => void;
          deliver(one.channel, one.args);
        }, message),
      )
      // A page that is gone or loading takes no messages.
      .catch(() => undefined);
  }

  /** `isUserGesture`: the page takes it for a deed of the person. */
  async executeJavaScript(code: string, isUserGesture = false): Promise<unknown> {
    const page = await this.page;
    const protocol = await page.context().newCDPSession(page);
    const { result, exceptionDetails } = await protocol.send('Runtime.evaluate', {
      expression: code,
      userGesture: isUserGesture,
      awaitPromise: true,
      returnByValue: true,
    });
    await protocol.detach();
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return result.value;
  }

  async destroy(): Promise<void> {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.emit('destroyed');
    // Chromium itself may be gone first when the app ends.
    await this.page.then((page) => page.context().close()).catch(() => undefined);
  }

  async #open(options: WebContentsOptions): Promise<Page> {
    const browser = await getChromium();
    const { width, height } = options;
    const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true });
    await this.#preparePages(context, options.preload);
    const page = await context.newPage();
    const followTheme = (): Promise<void> =>
      page.emulateMedia({ colorScheme: nativeTheme.shouldUseDarkColors ? 'dark' : 'light' });
    await followTheme();
    nativeTheme.on('updated', () => void followTheme().catch(() => undefined));
    this.#watch(context, page);
    return page;
  }

  async #preparePages(context: BrowserContext, preload: string | undefined): Promise<void> {
    await context.exposeBinding(binding, ({ frame }, message: PageMessage) => this.#receive(frame, message));
    if (preload !== undefined) await context.addInitScript({ content: preloadScript(preload) });
    await context.route(
      () => true,
      (route, request) => this.#answer(route, request),
    );
  }

  #watch(context: BrowserContext, page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error') this.pageErrors.push(message.text());
    });
    page.on('pageerror', (error) => this.pageErrors.push(error.message));
    page.on('response', (response) => {
      if (!response.request().isNavigationRequest() || response.frame() !== page.mainFrame()) return;
      this.#url = toAppAddress(response.url());
      this.emit('did-navigate', {}, this.#url, response.status(), response.statusText());
    });
    page.on('domcontentloaded', () => this.emit('dom-ready', {}));
    page.on('load', () => this.emit('did-finish-load', {}));
    context.on('page', (other) => {
      if (other === page) return;
      // One with an address was asked for when that was requested.
      if (other.url() === 'about:blank') this.#mayOpenWindow(other.url());
      void other.close().catch(() => undefined);
    });
  }

  async #receive(frame: Frame, message: PageMessage): Promise<PageAnswer> {
    const event = { sender: this, senderFrame: toWebFrame(frame) };
    if (message.kind === 'send') {
      ipcMain.emit(message.channel, event, ...structuredClone(message.args));
      return { output: undefined };
    }
    try {
      return { output: await ipcMain.invoke(event, message.channel, message.args) };
    } catch (error) {
      return { error: String(error) };
    }
  }

  async #answer(route: Route, request: PageRequest): Promise<void> {
    const url = toAppAddress(request.url());
    if (request.isNavigationRequest() && !this.#mayNavigate(request, url)) {
      await route.abort('aborted');
      return;
    }
    const answer = await answerByScheme(url, request.method(), await request.allHeaders());
    if (answer !== undefined) {
      await route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      });
    } else if (request.isNavigationRequest()) {
      // Any other place in the world: a page that is not the app's.
      await route.fulfill({ contentType: 'text/html', body: '<title>Elsewhere</title>' });
    } else {
      await route.abort('internetdisconnected');
    }
  }

  #mayOpenWindow(url: string): boolean {
    this.windowsAsked.push(url);
    if (this.#windowOpenHandler({ url }).action === 'deny') return false;
    throw new Error('The stand-in opens no windows for pages.');
  }

  #mayNavigate(request: PageRequest, url: string): boolean {
    let isMainFrame: boolean;
    try {
      isMainFrame = request.frame().parentFrame() === null;
    } catch {
      // The first request of a window that a page has opened: its frame is not known yet.
      return this.#mayOpenWindow(url);
    }
    if (isMainFrame && this.#loading === url) {
      this.#loading = undefined;
      return true;
    }
    const details = { url, isMainFrame };
    if (emitPreventable(this, 'will-frame-navigate', details)) return false;
    return !isMainFrame || !emitPreventable(this, 'will-navigate', details, url);
  }
}

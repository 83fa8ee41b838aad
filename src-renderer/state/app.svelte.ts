// The connection to the core, what the core says of itself, and the person's settings.
import { connect, type Client, type ConnectionState } from '../client.ts';
import type { CommandOutput } from '../../src-shared/contract.ts';
import type { Catalogue } from '../../src-shared/schemas/component.ts';
import type { DirectoryAccess } from '../../src-shared/schemas/directory.ts';
import type { Notice } from '../../src-shared/schemas/notice.ts';
import { defaultSettings, type Settings } from '../../src-shared/schemas/settings.ts';
import { WeftError } from '../../src-shared/failure.ts';
import { theme } from './theme.svelte.ts';

export type AppDescription = CommandOutput<'app.describe'>;

class AppState {
  /** Null until the first answer: the screens are shown from then on. */
  description = $state.raw<AppDescription | null>(null);
  settings = $state.raw<Settings>(defaultSettings);
  connection = $state<ConnectionState | 'connecting'>('connecting');
  /** Whether this Weft may change the data directory, and who else may. */
  access = $state.raw<DirectoryAccess>({ isReadOnly: false, owner: null });
  /** What happened when Weft started and the person has not put aside yet. */
  notices = $state.raw<readonly Notice[]>([]);
  /** Why the page could not start. */
  failure = $state.raw<unknown>(null);

  #client: Client | null = null;
  readonly #refreshers = new Set<(client: Client) => void>();

  /** The contract's client; there from the moment that screens are shown. */
  get client(): Client {
    if (this.#client === null) throw new WeftError('client.not-connected', 'Weft is still starting.');
    return this.#client;
  }

  /** The engine's layers, optimizers … that forms are drawn from. */
  get catalogue(): Catalogue {
    return this.description?.catalogue ?? { layers: [], initializers: [], optimizers: [], schedules: [] };
  }

  async start(): Promise<void> {
    try {
      this.#client = await connect((state) => this.#connectionChanged(state));
      this.#client.on('settings.changed', (settings) => this.#applySettings(settings));
      this.#client.on('directory.changed', (access) => this.#accessChanged(access));
      await this.#refresh(this.#client);
    } catch (error) {
      this.failure = error;
    }
  }

  /**
   * Stores ask for their state through this: the listener is called when the core can be asked, and again each time
   * the connection was lost and is back. Returns the function that ends the subscription.
   */
  onConnected(listener: (client: Client) => void): () => void {
    this.#refreshers.add(listener);
    if (this.#client !== null && this.connection === 'open') listener(this.#client);
    return () => this.#refreshers.delete(listener);
  }

  /** Shown at once, then stored by the core; a Weft that only reads forgets them when the page is closed. */
  async changeSettings(changes: Partial<Settings>): Promise<void> {
    this.#applySettings({ ...this.settings, ...changes });
    if (!this.access.isReadOnly) this.#applySettings(await this.client.call('settings.change', changes));
  }

  /** Makes this Weft the one that may change the data directory. */
  async takeOver(): Promise<void> {
    this.#accessChanged(await this.client.call('directory.takeOver', {}));
  }

  async dismissNotice(noticeId: number): Promise<void> {
    this.notices = this.notices.filter(({ id }) => id !== noticeId);
    await this.client.call('app.dismissNotice', { noticeId });
  }

  #accessChanged(access: DirectoryAccess): void {
    const isTakenOver = this.access.isReadOnly && !access.isReadOnly;
    this.access = access;
    if (isTakenOver) this.#refreshAnew();
  }

  #connectionChanged(state: ConnectionState): void {
    const isBack = state === 'open' && this.connection === 'lost';
    this.connection = state;
    if (isBack) this.#refreshAnew();
  }

  #refreshAnew(): void {
    if (this.#client === null) return;
    this.#refresh(this.#client).catch((error: unknown) => {
      this.failure = error;
    });
  }

  async #refresh(client: Client): Promise<void> {
    const [description, settings, access] = await Promise.all([
      client.call('app.describe', {}),
      client.call('settings.read', {}),
      client.call('directory.describe', {}),
    ]);
    this.access = access;
    this.notices = description.notices;
    this.#applySettings(settings);
    this.description = description;
    this.failure = null;
    for (const listener of this.#refreshers) listener(client);
  }

  #applySettings(settings: Settings): void {
    this.settings = settings;
    theme.set(settings.theme);
  }
}

export const app = new AppState();

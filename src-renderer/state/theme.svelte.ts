// Which theme is on screen: the setting, or what the system prefers. Kept on <html> for the tokens in app.css.
import type { Settings } from '../../src-shared/schemas/settings.ts';

const darkPreference = matchMedia('(prefers-color-scheme: dark)');

class Theme {
  #setting = $state<Settings['theme']>('system');
  #systemIsDark = $state(darkPreference.matches);

  /** What is drawn now: charts redraw when this changes. */
  readonly resolved: 'light' | 'dark' = $derived(
    this.#setting === 'system' ? (this.#systemIsDark ? 'dark' : 'light') : this.#setting,
  );

  constructor() {
    darkPreference.addEventListener('change', (event) => {
      this.#systemIsDark = event.matches;
      this.#apply();
    });
    this.#apply();
  }

  set(setting: Settings['theme']): void {
    this.#setting = setting;
    this.#apply();
  }

  #apply(): void {
    document.documentElement.dataset['theme'] = this.resolved;
  }
}

export const theme = new Theme();

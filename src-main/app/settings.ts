import type { Handlers } from '../../src-shared/contract.ts';
import type { Settings } from '../../src-shared/schemas/settings.ts';
import type { Core } from './core.ts';

export function settingsHandlers({
  settings,
  emit,
}: Core): Pick<Handlers, 'settings.read' | 'settings.change'> {
  return {
    'settings.read': () => settings.read(),
    'settings.change': (input) => {
      const given = Object.entries(input).filter(([, value]) => value !== undefined);
      const changes: Partial<Settings> = Object.fromEntries(given);
      const changed = settings.change(changes);
      emit('settings.changed', changed);
      return changed;
    },
  };
}

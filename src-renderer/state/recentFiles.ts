// The files that models were opened from and saved to lately, kept in the settings.
import type { ModelReference } from '../../src-shared/schemas/model.ts';
import type { RecentFile } from '../../src-shared/schemas/settings.ts';
import { app } from './app.svelte.ts';
import { isSameFile, withRecentFile } from './recentFileList.ts';

async function keep(recentFiles: RecentFile[]): Promise<void> {
  // That it can't be remembered must not make a file that was saved look as if it weren't.
  await app.changeSettings({ recentFiles }).catch(() => undefined);
}

export function rememberFile(fileName: string, how: RecentFile['how'], model: ModelReference): Promise<void> {
  const file: RecentFile = { fileName, how, at: new Date().toISOString(), model };
  return keep(withRecentFile(app.settings.recentFiles, file));
}

export function forgetFile(file: RecentFile): Promise<void> {
  return keep(app.settings.recentFiles.filter((one) => !isSameFile(one, file)));
}

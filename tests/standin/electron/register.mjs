// `node --import …/register.mjs out/main/electron.js` runs the built desktop app in plain Node: `import 'electron'`
// gets the stand-in of this folder.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);

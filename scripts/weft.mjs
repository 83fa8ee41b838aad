// `npm run weft -- …`: the command line, after installing and building what is missing. Standard output is left to
// the command alone.
import { prepare } from './prepare.mjs';

try {
  await prepare({ build: true });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

// npm runs scripts in the package's folder; the files that are named in the arguments are meant from the person's own.
if (process.env.npm_lifecycle_event === 'weft' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
// In this same process, so that Ctrl+C reaches the command once.
await import('../out/main/cli.js');

/**
 * Plays one failure story: `npm run story -- R2 [--runs 20] [--json]`, or lists them with `--list`.
 * Exit code 0 when the baseline failed and neither the controls nor Greenroom lost anything, 1 when not, 2 for usage.
 */
import { parseArgs } from 'node:util';
import { play } from './stories/play.ts';
import { stories } from './stories/index.ts';
import { table } from './stories/table.ts';

const USAGE = `usage: npm run story -- ID [--runs N] [--json] | --list
stories: ${stories.map(({ id }) => id).join(' ')}`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = words();
  if (values.list === true) {
    for (const { id, title } of stories) console.log(`${id.padEnd(4)} ${title}`);
    return 0;
  }
  const story = stories.find(({ id }) => id.toLowerCase() === positionals[0]?.toLowerCase());
  const runs = Number(values.runs ?? story?.runs);
  if (story === undefined || !Number.isInteger(runs) || runs < 1) return usage();
  const played = await play(story, runs, (variant, run, { lost, total }) => {
    console.error(`${story.id} run ${run} of ${runs}: ${variant}: ${lost} of ${total}`);
  });
  console.log(table(story, played));
  if (values.json === true) console.log(JSON.stringify(played.result));
  return played.result.ok ? 0 : 1;
}

function words() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { runs: { type: 'string' }, json: { type: 'boolean' }, list: { type: 'boolean' } },
    });
  } catch (error) {
    console.error(String(error));
    process.exit(usage());
  }
}

function usage(): number {
  console.error(USAGE);
  return 2;
}

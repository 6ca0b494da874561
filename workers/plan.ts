/** Makes a plan in a process of its own. Its answer is the one message on its channel. */
import { sendMessage } from 'execa';
import { makePlan } from '../src/config/planned.ts';

await sendMessage(await makePlan(process.argv[2] ?? process.cwd()));

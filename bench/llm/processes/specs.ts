/**
 * Process: `specs.ts <base url> <control> <slot> <specs>`. Each spec scripts an answer of its own, asks for it as a
 * stream, and looks whether it got its own. Says how many did, on standard output. Also used by tests.
 */
import { baggage } from '../../../src/protocol/baggage.ts';
import { script } from '../../../src/llm/client.ts';

/** Specs of one worker that run at the same time. */
const AT_ONCE = 20;

const [baseUrl = '', control = '', slotText = '0', specsText = '0'] = process.argv.slice(2);
const slot = Number(slotText);
let next = 0;
let own = 0;

await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let number = next++; number < Number(specsText); number = next++) if (await spec(`spec-${number}`)) own += 1;
  }),
);
console.log(own);

async function spec(name: string): Promise<boolean> {
  const llm = script({ control }, { slot, spec: name });
  const answer = `answer ${slot} for ${name}, in several words`;
  await llm.reply(answer);
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { baggage: baggage({ slot, spec: name }) },
    body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: name }] }),
  });
  const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('data: {'));
  const said = events
    .map((event) => JSON.parse(event.slice('data: '.length)) as Chunk)
    .map(({ choices: [choice] }) => choice?.delta.content ?? '')
    .join('');
  const calls = await llm.calls();
  const unused = await llm.end();
  return said === answer && calls.length === 1 && calls[0]?.texts[0] === name && unused.length === 0;
}

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[];
}

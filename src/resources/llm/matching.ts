/** Which scenario a request is for, and why others are not. Pure. */
import type { RegExpRef } from '../../protocol/plan.ts';
import type { Asked } from './asked.ts';
import type { Script } from './scenario.ts';

/** What of a scenario does not fit, in words; empty when all of it does. */
export function misfits({ when }: Script, asked: Asked): readonly string[] {
  const { api, turn, tool, model } = when;
  return [
    ...(api === undefined || api === asked.api ? [] : [`is for ${api}`]),
    ...(turn === undefined || turn === asked.turn ? [] : [`the last turn is of the ${asked.turn}, not of the ${turn}`]),
    ...(tool === undefined || asked.tools.includes(tool) ? [] : [`no tool ${tool} is offered`]),
    ...(typeof model === 'string' && model !== asked.model ? [`model is not ${model}`] : []),
    ...(typeof model === 'object' && !matches(model, asked.model) ? [`model does not match ${shown(model)}`] : []),
    ...(['user', 'system'] as const).flatMap((key) => {
      const match = when[key];
      if (match === undefined || matches(match, asked[key])) return [];
      return [`${key} does not ${typeof match === 'string' ? 'contain' : 'match'} ${shown(match)}`];
    }),
  ];
}

/** Those that nearly fit, the nearest first, each with what keeps it from fitting. */
export function nearest(scripts: readonly Script[], asked: Asked, most: number): readonly string[] {
  return scripts
    .map((script) => ({ name: script.name, why: misfits(script, asked) }))
    .toSorted((a, b) => a.why.length - b.why.length)
    .slice(0, most)
    .map(({ name, why }) => `${name}: ${why.length === 0 ? 'has answered as often as it may' : why.join(', ')}`);
}

/** One line that tells a request from others. */
export function summaryOf({ api, model, user }: Asked): string {
  const oneLine = user.replace(/\s+/g, ' ').trim();
  return `${api} ${model} ${JSON.stringify(oneLine.length > SHOWN ? `${oneLine.slice(0, SHOWN)}…` : oneLine)}`;
}

const SHOWN = 80;

const expressions = new WeakMap<RegExpRef, RegExp>();

function matches(match: string | RegExpRef, text: string): boolean {
  if (typeof match === 'string') return text.includes(match);
  let expression = expressions.get(match);
  if (expression === undefined) {
    const { source, flags } = match.$regexp;
    // One that goes on where it has found something would not match the same text again.
    expression = new RegExp(source, flags.replace(/[gy]/g, ''));
    expressions.set(match, expression);
  }
  return expression.test(text);
}

const shown = (match: string | RegExpRef): string =>
  typeof match === 'string' ? JSON.stringify(match) : `/${match.$regexp.source}/${match.$regexp.flags}`;

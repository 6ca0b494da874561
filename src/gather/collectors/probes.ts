import { columns, clock } from '../../report/format.ts';
import type { Collector } from '../collector.ts';

/** Of each resource and gate, so that the last one stands at the end. */
const ANSWERS_KEPT = 20;

/** What probes and gates have answered last, with the time of each answer that differed from the one before it. */
export const probes: Collector = {
  name: 'probes',
  async collect({ events, wants, write }) {
    const answers = new Map<string, [string, string, string][]>();
    const add = (subject: string, at: number, text: string): void => {
      const all = answers.get(subject) ?? [];
      answers.set(
        subject,
        [...all, [subject, clock(at), text] satisfies [string, string, string]].slice(-ANSWERS_KEPT),
      );
    };
    for (const event of events) {
      if (event.kind === 'note' && wants(event.subject)) add(event.subject, event.at, event.text);
      if (event.kind === 'gate.refused') add(`gate ${event.gate}`, event.at, event.answer);
      if (event.kind === 'gate.passed') add(`gate ${event.gate}`, event.at, 'passed');
    }
    const rows = [...answers.values()].flat();
    await write('probes.txt', `${columns([['OF', 'AT', 'ANSWER'], ...rows]).join('\n')}\n`);
  },
};

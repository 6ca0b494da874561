/**
 * Writes down which processes of a generation live, and their sockets. Started by the coordinator as `late-start LEDGER
 * FILE` before it tears down what was not ready in time.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { readLedger } from '../src/coordinator/ledger.ts';
import { familyOf, processTable } from '../src/platform/process-table.ts';
import { socketTable } from '../src/platform/socket-table.ts';
import { redactorOf } from '../src/protocol/redact.ts';
import { columns } from '../src/report/format.ts';

const [ledger = '', file = ''] = process.argv.slice(2);
const roots = readLedger(ledger).flatMap((entry) => (entry.type === 'process' ? [entry.pid] : []));
const processes = familyOf(roots);
const sockets = await socketTable(processes.map(({ pid }) => pid));
const lines = [...columns(processTable(processes)), '', ...columns(sockets)];
// In one step: who waits for it must not find a part.
const draft = `${file}.draft`;
writeFileSync(draft, redactorOf([])(`${lines.join('\n')}\n`), { mode: 0o600 });
renameSync(draft, file);

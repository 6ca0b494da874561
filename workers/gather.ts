/**
 * Gathers what is needed to understand a failure. Started as `gather REQUEST` by who saw it; says on standard output
 * where the bundle is.
 */
import { makeBundle } from '../src/gather/bundle.ts';
import { requestSchema } from '../src/gather/request.ts';

const request = requestSchema.parse(JSON.parse(process.argv[2] ?? ''));
process.stdout.write(JSON.stringify(await makeBundle(request)));
// A part that hangs must not keep us.
process.exit();

/** Global set-up of our own tests: what container engines need of the environment here, for all that is started. */
import { engineEnv } from './engine.ts';

export default function setUp(): void {
  Object.assign(process.env, engineEnv());
}

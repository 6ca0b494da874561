import greenroom from 'greenroom/vitest';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [greenroom()],
  test: { include: ['specs/**/*.test.ts'], maxWorkers: 12 },
});

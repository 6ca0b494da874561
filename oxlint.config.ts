import { defineConfig } from 'oxlint';

import { importRules } from './oxlint.imports.ts';

export default defineConfig({
  plugins: ['eslint', 'typescript', 'import', 'node', 'oxc', 'promise', 'unicorn', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  env: { node: true },
  ignorePatterns: ['dist/**'],
  rules: {
    // What this project is most likely to get wrong: a promise nobody waits for.
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/only-throw-error': 'error',
    'typescript/prefer-promise-reject-errors': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],

    'typescript/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    'typescript/no-deprecated': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-unnecessary-condition': 'error',
    'typescript/prefer-readonly': 'error',
    'unicorn/prefer-node-protocol': 'error',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'error',
    'eslint/eqeqeq': 'error',
    'eslint/no-empty': 'error',
    'eslint/no-param-reassign': 'error',
    'eslint/no-useless-return': 'error',
    'eslint/no-var': 'error',
    'eslint/prefer-const': 'error',
    'eslint/max-lines': ['error', { max: 400 }],

    // One step after the other is what most of our loops with `await` are about.
    'eslint/no-await-in-loop': 'off',
    // The compiler knows better which paths return nothing.
    'typescript/consistent-return': 'off',
    'promise/always-return': 'off',
    // Narrowing what comes from a caught error or a checked message needs assertions.
    'typescript/no-unsafe-type-assertion': 'off',
    // `z.string()` of the default export is how zod is used.
    'import/no-named-as-default-member': 'off',
    'import/no-named-as-default': 'off',
    // Takes the methods of an interface, which need no `this` here, for methods of a class.
    'typescript/unbound-method': 'off',
    // `{}` is what a resource without needs has.
    'typescript/no-generated-empty-object-type': 'off',
    // Microseconds that cost readability.
    'oxc/no-map-spread': 'off',
    'unicorn/prefer-set-has': 'off',
    'eslint/no-new': 'off',
    'eslint/no-underscore-dangle': 'off',
    // The second argument is what a failing test says besides: the output of the process it ran.
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    // Importing a module for what it does is what setup files are for.
    'import/no-unassigned-import': 'off',
    // A test may also assert by what it disposes of: a project of which nothing may be left.
    'vitest/expect-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/no-standalone-expect': 'off',
    'eslint/no-control-regex': 'off',
    // A helper may stand beside its only caller.
    'unicorn/consistent-function-scoping': 'off',
  },
  overrides: [
    ...importRules,
    // What other tools load by its default export.
    {
      files: ['*.config.ts', 'workers/**', 'fixtures/**', 'examples/**', 'test/**'],
      rules: { 'import/no-default-export': 'off' },
    },
    // `({ db }) => …` over a resource that is called `db`: the endpoint of the resource is meant, by the same name.
    { files: ['**/greenroom.config.ts'], rules: { 'eslint/no-shadow': 'off' } },
    // Where a wrong guess fails the test it stands in.
    {
      files: ['fixtures/**', 'examples/**', 'test/**'],
      rules: { 'typescript/no-explicit-any': 'off', 'typescript/no-non-null-assertion': 'off' },
    },
  ],
});

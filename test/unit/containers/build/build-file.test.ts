import { describe, expect, test } from 'vitest';
import { parseBuildFile } from '../../../../src/containers/build/build-file.ts';

const bases = (text: string, args?: Record<string, string>): readonly string[] => parseBuildFile(text, args).bases;

describe('bases', () => {
  test.each([
    ['FROM node:22', ['node:22']],
    ['from node:22 as build', ['node:22']],
    ['FROM scratch', []],
    ['FROM --platform=linux/amd64 node:22', ['node:22']],
    ['# FROM other\nFROM node:22 # no comment', ['node:22']],
    ['FROM \\\n  node:22 \\\n AS build', ['node:22']],
    ['FROM a AS one\nFROM one\nFROM ONE\nCOPY --from=one /x /y\nCOPY --from=0 /x /y', ['a']],
    ['FROM a\nCOPY --from=tools:1 /x /y\nRUN --mount=type=bind,from=cache,target=/c true', ['a', 'tools:1', 'cache']],
    ['ARG TAG=22\nFROM node:${TAG}', ['node:22']],
    ['ARG A=1 B="${A}2"\nFROM node:$B', ['node:12']],
    ['ARG TAG\nFROM node:${TAG:-latest}${TAG:+-slim}', ['node:latest']],
    ['FROM a\nARG TAG=1\nFROM b:${TAG:-none}', ['a', 'b:none']],
    ['FROM a\nRUN cat <<EOF\nFROM nothing\nEOF\nCOPY x /y', ['a']],
  ])('%j', (text, expected) => {
    expect(bases(text)).toEqual(expected);
  });

  test('an argument that is given wins over its default', () => {
    expect(bases('ARG TAG=22\nFROM node:${TAG}', { TAG: '24' })).toEqual(['node:24']);
  });
});

test('the names of arguments, wherever they are declared', () => {
  expect(parseBuildFile('ARG A=1\nFROM a\nARG B\nARG C="x y" D').args).toEqual(['A', 'B', 'C', 'D']);
});

/**
 * What we take of `node:http`. A module that imports it reads all its exports, and some of them are made when they are
 * first read: all of undici is loaded then, which takes a third of the time in which a program of ours starts.
 */
export const { Agent, createServer, get, request, STATUS_CODES } = process.getBuiltinModule('node:http');

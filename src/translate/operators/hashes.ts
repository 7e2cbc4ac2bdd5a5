/** Operators that hash: digests, signatures and ids that are the same whenever they are made of the same. */
import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { derivedUuid, isUuid } from '../../kit/ids.ts';
import { spend, ValueError } from '../run.ts';
import { asText, textOf } from './convert.ts';
import { type Argument, type Operator, TEXT, textArgument } from './operator.ts';

const family = 'Hashing';
const ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const;
const encoding: Argument = textArgument('encoding', { optional: true, choices: ['hex', 'base64', 'base64url'] });
type Encoding = 'hex' | 'base64' | 'base64url';

/** RFC 9562's namespaces. */
const NAMESPACES: Readonly<Record<string, string>> = {
  dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
};

function chosen<Choice extends string>(value: unknown, choices: readonly Choice[], otherwise: Choice): Choice {
  if (value === undefined) return otherwise;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new ValueError(`it knows ${choices.join(', ')}`);
  return found;
}

const encodingOf = (value: unknown): Encoding => chosen(value, ['hex', 'base64', 'base64url'], 'hex');

function digest(algorithm: (typeof ALGORITHMS)[number], output: string): Operator {
  return {
    name: algorithm,
    family,
    summary: `The ${algorithm.toUpperCase().replace(/^SHA/, 'SHA-')} digest of the text’s bytes, in hex or another encoding.`,
    takes: ['string', 'number', 'boolean'],
    args: [encoding],
    gives: TEXT,
    examples: [{ expression: `"abc" | ${algorithm}`, output }],
    apply(input, [as], meter) {
      const text = textOf(input);
      spend(meter, text.length >> 4);
      return createHash(algorithm).update(text).digest(encodingOf(as));
    },
  };
}

function namespaceBytes(namespace: unknown): Uint8Array | undefined {
  if (namespace === undefined) return undefined;
  const uuid = NAMESPACES[asText(namespace)] ?? asText(namespace);
  if (!isUuid(uuid)) throw new ValueError('the namespace has to be dns, url, oid, x500 or a UUID');
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

export const hashOperators: readonly Operator[] = [
  digest('sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
  digest('sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'),
  digest('sha384', 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7'),
  digest(
    'sha512',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ),
  digest('md5', '900150983cd24fb0d6963f7d28e17f72'),
  {
    name: 'crc32',
    family,
    summary: 'The CRC-32 of the text’s bytes, as eight hexadecimal digits.',
    takes: ['string', 'number', 'boolean'],
    args: [],
    gives: TEXT,
    examples: [{ expression: '"abc" | crc32', output: '352441c2' }],
    apply: (input) => crc32(textOf(input)).toString(16).padStart(8, '0'),
  },
  {
    name: 'hmac',
    family,
    summary:
      'The text signed with a key: HMAC with SHA-256 unless another is named, in hex unless another encoding is.',
    takes: ['string', 'number', 'boolean'],
    args: [textArgument('key'), textArgument('algorithm', { optional: true, choices: ALGORITHMS }), encoding],
    gives: TEXT,
    examples: [
      { expression: '"abc" | hmac "key"', output: '9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab' },
      { expression: '"abc" | hmac "key" sha1 base64', output: 'T9CyFSdu8S8rPkyOysKBFJi2Vvw=' },
    ],
    apply(input, [key, algorithm, as], meter) {
      const text = textOf(input);
      spend(meter, text.length >> 4);
      return createHmac(chosen(algorithm, ALGORITHMS, 'sha256'), asText(key))
        .update(text)
        .digest(encodingOf(as));
    },
  },
  {
    name: 'uuid5',
    family,
    summary:
      'A UUID that is always the same for the same text: version 5, in Dragoman’s own namespace or in dns, url, oid, x500 or another UUID.',
    takes: ['string', 'number'],
    args: [textArgument('namespace', { optional: true, words: ['dns', 'url', 'oid', 'x500'], check: namespaceBytes })],
    gives: { type: 'string', format: 'uuid' },
    examples: [{ expression: '"www.example.com" | uuid5 dns', output: '2ed6657d-e927-568b-95e1-2665a8aea6a2' }],
    apply: (input, [namespace]) => derivedUuid(textOf(input), namespaceBytes(namespace)),
  },
];

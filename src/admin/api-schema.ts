/** The admin API's contract: every request and answer as a schema. Validation, types and /api/openapi.json come from here. */
import type { TSchema } from 'typebox';
import Type from 'typebox';
import * as events from './schema/events.ts';
import { explanation } from './schema/explanation.ts';
import * as live from './schema/live.ts';
import { ledger, overview } from './schema/overview.ts';
import * as playground from './schema/playground.ts';
import * as targets from './schema/targets.ts';

export type * from './schema/events.ts';
export type * from './schema/explanation.ts';
export type * from './schema/live.ts';
export type * from './schema/overview.ts';
export type {
  Body,
  DeliveryState,
  ErrorAnswer,
  EventState,
  FieldProblem,
  Place,
  Problem,
  Reason,
  Shape,
} from './schema/parts.ts';
export type * from './schema/playground.ts';
export type * from './schema/targets.ts';

export interface Operation {
  readonly method: 'get' | 'post' | 'delete';
  /** With `{name}` for what varies. */
  readonly path: string;
  readonly summary: string;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Undefined where the answer is no JSON: 204, or a stream. */
  readonly answer?: TSchema;
  /** Statuses of errors beside those that every operation may give. */
  readonly errors?: readonly number[];
}

/** In the order of the document; the key is the operation's id. */
export const OPERATIONS = {
  overview: {
    method: 'get',
    path: '/api/overview',
    summary: 'The flow, its last hour, what waits, the ledger',
    answer: overview,
  },
  listEvents: {
    method: 'get',
    path: '/api/events',
    summary: 'Events, newest first',
    query: events.eventFilter,
    answer: events.eventPage,
  },
  showEvent: {
    method: 'get',
    path: '/api/events/{id}',
    summary: 'One event, from the raw request to what was delivered',
    answer: events.eventDetail,
    errors: [404],
  },
  explainEvent: {
    method: 'get',
    path: '/api/events/{id}/explain',
    summary: "Why an event goes where it goes, by today's rules and mappings",
    answer: explanation,
    errors: [404],
  },
  listDeliveries: {
    method: 'get',
    path: '/api/deliveries',
    summary: 'Deliveries, newest first',
    query: events.deliveryFilter,
    answer: events.deliveryPage,
  },
  showDelivery: {
    method: 'get',
    path: '/api/deliveries/{id}',
    summary: 'One delivery with what was sent and every attempt',
    answer: events.deliveryDetail,
    errors: [404],
  },
  listTargets: {
    method: 'get',
    path: '/api/targets',
    summary: 'Every target and how it is',
    answer: targets.targetList,
  },
  pauseTarget: {
    method: 'post',
    path: '/api/targets/{name}/pause',
    summary: 'Send nothing to a target until it is resumed',
    answer: targets.target,
    errors: [404],
  },
  resumeTarget: {
    method: 'post',
    path: '/api/targets/{name}/resume',
    summary: 'End a pause, a stop or an open breaker, and send what waits for a later try',
    answer: targets.target,
    errors: [404],
  },
  pingTarget: {
    method: 'post',
    path: '/api/targets/{name}/ping',
    summary: 'See whether a target can be reached, with a HEAD request',
    answer: targets.pingResult,
    errors: [404],
  },
  replay: {
    method: 'post',
    path: '/api/replay',
    summary: 'Send deliveries again, or before their next try, or preview what that would send',
    body: live.replayRequest,
    answer: live.replayAnswer,
  },
  listMappings: { method: 'get', path: '/api/mappings', summary: 'Every mapping', answer: playground.mappingList },
  showMapping: {
    method: 'get',
    path: '/api/mappings/{name}',
    summary: 'A mapping, its text, and how its tests go',
    answer: playground.mappingDetail,
    errors: [404],
  },
  saveTest: {
    method: 'post',
    path: '/api/mappings/{name}/tests',
    summary: 'Write a test beside a mapping: what it makes of an event now',
    body: playground.saveTestRequest,
    answer: playground.saveTestAnswer,
    errors: [404, 409, 422],
  },
  translate: {
    method: 'post',
    path: '/api/translate',
    summary: 'What a mapping makes of an event; nothing is sent or stored',
    body: playground.translateRequest,
    answer: playground.translateAnswer,
    errors: [404],
  },
  check: {
    method: 'post',
    path: '/api/check',
    summary: 'The problems of a mapping',
    body: playground.checkRequest,
    answer: playground.checkAnswer,
  },
  listFormats: {
    method: 'get',
    path: '/api/formats',
    summary: 'The catalogue of formats',
    answer: playground.formatList,
  },
  ledger: { method: 'get', path: '/api/ledger', summary: 'Every accepted event accounted for', answer: ledger },
  listRejections: {
    method: 'get',
    path: '/api/rejections',
    summary: 'Requests that were refused at the door',
    query: Type.Object({
      source: Type.Optional(Type.String()),
      code: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    }),
    answer: live.rejectionList,
  },
  tail: {
    method: 'get',
    path: '/api/tail',
    summary: 'Server-sent events `accepted`, `settled` and `missed`, from now on',
    query: Type.Object({ source: Type.Optional(Type.String()), target: Type.Optional(Type.String()) }),
  },
  listInspectors: {
    method: 'get',
    path: '/api/inspect',
    summary: 'The built-in inspectors',
    answer: live.inspectorList,
  },
  showInspector: {
    method: 'get',
    path: '/api/inspect/{name}',
    summary: 'What an inspector received',
    answer: live.inspectorDetail,
  },
  clearInspector: { method: 'delete', path: '/api/inspect/{name}', summary: 'Forget what an inspector received' },
  openapi: {
    method: 'get',
    path: '/api/openapi.json',
    summary: 'This document',
    answer: Type.Object({}, { description: 'OpenAPI 3.1' }),
  },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof OPERATIONS;

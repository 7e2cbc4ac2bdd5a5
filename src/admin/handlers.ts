/** The handlers of the admin API's operations, each with the input that its schemas let through. */
import type { ServerResponse } from 'node:http';
import type { OperationId } from './api-schema.ts';
import type { Reply } from './reply.ts';

export interface HandlerInput {
  /** What stands for `{id}` or `{name}` in the path. */
  readonly name: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly response: ServerResponse;
}

export type Handler = (input: HandlerInput) => Reply | Promise<Reply>;
export type Handlers = Readonly<Record<OperationId, Handler>>;

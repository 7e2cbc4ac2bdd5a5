/** Takes the known fields out of a payload, and leaves out what says nothing. */
import type { Json, JsonObject } from '../model/json.ts';
import type { Schema } from '../model/schema.ts';

/** The fields that the schema names, in its order, without those that are missing, null or `isNothing`. */
export function pickFields(
  schema: Schema,
  from: JsonObject,
  isNothing?: (value: Json, name: string) => boolean,
): JsonObject {
  const picked: Record<string, Json> = {};
  for (const name of Object.keys(schema.properties ?? {})) {
    const value = Object.hasOwn(from, name) ? from[name] : undefined;
    if (value === undefined || value === null || isNothing?.(value, name)) continue;
    picked[name] = value;
  }
  return picked;
}

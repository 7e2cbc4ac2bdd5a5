/** What a payload is made of once it is parsed. A whole number beyond 2^53 is a bigint, so that it leaves as it came. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

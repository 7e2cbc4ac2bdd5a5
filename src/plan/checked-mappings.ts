/** What the bundle knows of the mappings that are shipped with it; whoever runs the sources knows of none. */
import type { CheckedMapping } from '../translate/checked-mapping.ts';

/** By the fingerprint of their text. `build/` puts here what `checkAhead` has found. */
export const checkedMappings: ReadonlyMap<string, CheckedMapping> = new Map();

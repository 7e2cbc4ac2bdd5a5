/** Where the configuration is looked for where none is named. */
export const DEFAULT_CONFIG = 'config/relay.yaml';

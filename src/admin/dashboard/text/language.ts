/** The languages in which the dashboard can be read. */
export type Language = 'en' | 'zh';

/** What a file is that cannot be read, to be said after its name: `is a folder`, `may not be read by this user`. */
export function whyUnreadable({ code = '' }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'does not exist';
    case 'EACCES':
      return 'may not be read by this user';
    case 'EISDIR':
      return 'is a folder';
    default:
      return `cannot be read (${code})`;
  }
}

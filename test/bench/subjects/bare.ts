/** A reference: Node's own HTTP server, which reads a body and answers. */
import { createServer } from 'node:http';

createServer((req, res) => {
  req.on('data', () => undefined);
  req.on('end', () => {
    res.writeHead(202, { 'content-type': 'application/json', 'content-length': 11 });
    res.end('{"ok":true}');
  });
}).listen(Number(process.argv[2]), '127.0.0.1');

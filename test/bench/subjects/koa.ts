/** The reference K: plain Koa with its router and body parser, which stores nothing and sends nothing. */
import Router from '@koa/router';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';

const router = new Router();
router.post('/in/bsr', (ctx) => {
  const { id } = ctx.request.body as { readonly id: string };
  ctx.status = 202;
  ctx.body = { id, status: 'accepted' };
});
const app = new Koa();
app.use(bodyParser()).use(router.routes()).use(router.allowedMethods());
app.listen(Number(process.argv[2]), '127.0.0.1');

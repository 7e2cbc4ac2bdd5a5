/** The keys of the subscription API that the relay serves. */

import { duration } from '../shape/amount.ts';
import { choice, secret, whole } from '../shape/leaf.ts';
import { list } from '../shape/many.ts';
import { cidr } from '../shape/net.ts';
import { object, preset, required } from '../shape.ts';
import { tokenId } from './subscription-api.ts';

const DAY_MS = 86_400_000;

export const subscriptions = object({
  token_id: required(tokenId('${env:SUBSCRIPTIONS_TOKEN_ID}'), 'The Basic user name that subscribers use.'),
  token_secret: required(
    secret(8, { isNeeded: true }),
    'The Basic password that subscribers use: 8 characters at least.',
  ),
  format: preset(choice('sigma'), 'sigma', 'The format of the API and of what subscribers get.'),
  allow_private: preset(list(cidr()), [], "Private networks that subscribers' URLs may lead to; by default none."),
  limit: preset(whole({ least: 1, most: 1_000_000 }), 1000, 'Subscribers at most.'),
  longest_url: preset(whole({ least: 16, most: 65_536 }), 2048, "Characters of a subscriber's URL at most."),
  switch_off_after: preset(
    duration({ least: 1000, most: 365 * DAY_MS }),
    '5d',
    'A subscriber that has failed for so long is switched off until it updates itself.',
  ),
});

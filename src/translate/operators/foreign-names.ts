/** What other languages call our operators, for the advice that is given when one of these is written. */
const NAMES = `
upcase uppercase to_upper to_uppercase upper | downcase lowercase to_lower to_lowercase lower | to_string str text string
to_int integer parse_int to_i int | to_float number parse_float to_f float | to_bool boolean bool | to_json encode_json stringify tojson json
from_json decode_json fromjson parse_json | coalesce fallback catch otherwise or_else default | strip trim | lstrip ltrim trim_left trim_start
rstrip rtrim trim_right trim_end | remove_prefix strip_prefix trim_prefix | remove_suffix strip_suffix trim_suffix | concat_text suffix append
prefix prepend | replace_all gsub sub_text replace | re_match test matches | capture re_find regex_find find_first match | re_find_all scan match_all
re_replace_all regex_replace replace_regex re_replace | size len count length | includes include contains | plus add | minus subtract sub
times multiply mul | divided_by divide div | modulo mod | power pow | at_least max | at_most min | ceiling ceil | log format_number fixed
date strftime format_time format_timestamp ts_format time | strptime to_time parse_timestamp ts_parse parse_time | each map_each collect map
select where filter | reject filter | uniq distinct dedupe unique | sort_by order_by sort | flat flatten | head first | tail last | nth item at
uri_escape url_encode url_escape encode_uri_component percent_encode urlencode | url_decode uri_unescape decode_uri_component percent_decode urldecode
encode_base64 base64_encode b64encode base64 | base64_decode b64decode decode_base64 | encode_hex hex | hex_decode decode_hex | sha2 hash sha256
escape escape_html html_escape | unescape unescape_html html_unescape | strip_tags strip_html | uuid uuid_v5 uuid5 | omit except delete del without
assign put set | to_entries key_values entries | object_from_entries from_entries | filename file_name basename | ext suffix_of extension
equal equals eq | not_equal ne | greater gt | less lt | xor ne | ternary then if | is_empty empty nonempty | presence nonempty | index indexof index_of
group_by group | index_by key_by to_object | reverse_list reverse | truncate_text limit truncate | pad_start pad_left lpad rjust pad | pad_end pad_right rpad ljust pad
substr substring mid slice | snakecase underscore snake_case | camelcase camelize camel_case | to_fixed fixed | for_each map | some any | every all
`;

/** Foreign name → ours. */
export const foreignNames: ReadonlyMap<string, string> = new Map(
  NAMES.split(/[|\n]/).flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const ours = words.at(-1) ?? '';
    return words.slice(0, -1).map((word) => [word, ours] as const);
  }),
);

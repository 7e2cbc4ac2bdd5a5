/** What other languages call the operators of filters, for the advice that is given when one of these is written. */
const NAMES = `
= eq equal equals is == | ne neq not_equal not_equals <> ~= != | gt greater greater_than > | gte ge => >= | lt less less_than < | lte le =< <=
not ! | && & all_of and | || any_of or | then ternary case ?: | contains includes include one_of any_in in | regex regexp match re_match test =~ matches
like wildcard glob | any some | every all | select where filter | collect for_each map | fold inject reduce | concat concat_text join string_concat cat
substring slice mid substr | to_upper to_upper_case upcase uppercase upper | to_lower to_lower_case downcase lowercase lower | type typeof type_of instanceof is_type
begins_with prefix has_prefix starts_with | suffix has_suffix ends_with | has defined is_set present exists | is_missing undefined missing
add plus sum + | sub subtract minus - | mul multiply times * | div divide / | mod modulo % | get field path value ref var | flatten merge
`;

/** Foreign name → ours. */
export const foreignNames: ReadonlyMap<string, string> = new Map(
  NAMES.trim()
    .split(/\n| \| /)
    .flatMap((line) => {
      const words = line.trim().split(/\s+/);
      const ours = words.at(-1) ?? '';
      return words.slice(0, -1).map((word) => [word, ours] as const);
    }),
);

// A CloudFormation template whose conditions depend on nothing but literals, with those conditions decided.
const isObject = (value) => typeof value === 'object' && value !== null;
const NOTHING = Symbol('AWS::NoValue');

function decider(conditions) {
  const operators = {
    'Fn::Equals': ([one, other]) => one === other,
    'Fn::And': (all) => all.every(decide),
    'Fn::Or': (all) => all.some(decide),
    'Fn::Not': ([one]) => !decide(one),
    Condition: (name) => byName(name),
  };
  const decide = (condition) => {
    const [[operator, operand]] = Object.entries(condition);
    return operators[operator](operand);
  };
  const byName = (name) => {
    if (!(name in conditions)) throw new Error(`There is no condition ${name}`);
    return decide(conditions[name]);
  };
  return byName;
}

/** Takes out what a condition excludes, and puts the chosen branch in the place of each Fn::If. */
function settled({ Conditions = {}, ...template }) {
  const holds = decider(Conditions);
  const settle = (value) => {
    if (Array.isArray(value)) return value.map(settle).filter((each) => each !== NOTHING);
    if (!isObject(value)) return value;
    if (value.Ref === 'AWS::NoValue') return NOTHING;
    if (value['Fn::If']) {
      const [condition, then, otherwise] = value['Fn::If'];
      return settle(holds(condition) ? then : otherwise);
    }
    const entries = Object.entries(value).map(([key, each]) => [key, settle(each)]);
    return Object.fromEntries(entries.filter(([, each]) => each !== NOTHING));
  };
  const chosen = (all = {}) =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([, { Condition }]) => Condition === undefined || holds(Condition))
        .map(([id, each]) => [id, settle({ ...each, Condition: { Ref: 'AWS::NoValue' } })]),
    );
  return { ...template, Resources: chosen(template.Resources), Outputs: chosen(template.Outputs) };
}

module.exports = { settled };

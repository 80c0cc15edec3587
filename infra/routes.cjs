// The gateway's routes, one an operation of the OpenAPI document. What wants a token passes the JWT authorizer first;
// what does not has a route of its own as well, so that no private pattern swallows it. Everything else (`/docs`,
// `/openapi.json`, HEAD, wrong methods and unknown paths) reaches the app by `$default`.
const { operationsOf } = require('./api-document.cjs');

const operations = operationsOf(require('../openapi/openapi.json'));

/** The one operation that decodes pictures has a function of its own. */
const IMAGES = 'POST /v1/images/upload-complete';

/** Whether no call of an operation is answered without a token. */
const isPrivate = ({ security = [] }) =>
  security.length > 0 && security.every((way) => Object.keys(way).length > 0);

function routes(authorizer) {
  return operations.map(({ method, path, operation }) => ({
    method: method.toUpperCase(),
    path,
    ...(isPrivate(operation) && authorizer),
  }));
}

/** Whether API Gateway looks at tokens: it wants Cognito's discovery document, which the local provider has not before it is deployed. */
async function isChecked({ resolveVariable }) {
  const [provider, wanted] = [
    await resolveVariable('param:authProvider'),
    await resolveVariable('param:gatewayAuthorizer'),
  ];
  return provider === 'cognito' && wanted === 'true';
}

async function events(context, belongs) {
  const authorizer = (await isChecked(context)) && { authorizer: { name: 'cognito' } };
  return routes(authorizer)
    .filter(({ method, path }) => belongs(`${method} ${path}`))
    .map((httpApi) => ({ httpApi }));
}

module.exports.images = (context) => events(context, (key) => key === IMAGES);
module.exports.api = async (context) => [
  ...(await events(context, (key) => key !== IMAGES)),
  { httpApi: '*' },
];
module.exports.authorizers = async (context) => {
  if (!(await isChecked(context))) return {};
  const [pool, client, others] = [
    await context.resolveVariable('param:userPoolId'),
    await context.resolveVariable('param:userPoolClientId'),
    await context.resolveVariable('param:acceptedClientIds'),
  ];
  return {
    cognito: {
      type: 'jwt',
      identitySource: '$request.header.Authorization',
      issuerUrl: {
        'Fn::Sub': `https://cognito-idp.\${AWS::Region}.\${AWS::URLSuffix}/${pool || '${UserPool}'}`,
      },
      audience: [client || { Ref: 'UserPoolClient' }, ...others.split(',').filter(Boolean)],
    },
  };
};

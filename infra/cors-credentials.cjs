// Whether pages of other origins may send the refresh cookie.
module.exports = async ({ resolveVariable }) => (await resolveVariable('param:refreshCookie')) === 'true';

// Package automox speaks to programs that were made for the Automox console API: under
// /api, the key API and what its clients call on the way. It translates paths, shapes,
// dates and pages, and has neither a rule nor a statement of its own; who may do what is
// decided by the same acts as everywhere.
//
// Their organization or zone is our organization, by its id or UUID; o in the query says
// which is meant. Their roles are ours by slugs: global-admin is the Full Administrator,
// zone-operator the Organization Operator, read-only and verifier are called so, and
// custom roles are called by name and id, such as "on-call-7". Their servers are our
// devices; groups of servers, packages and queues are empty.
//
// Where the sources are silent or disagree:
//
//   - Keys made here are ADMIN. An absent expires_at takes the default lifetime of the
//     policy, and null none; a time without an offset is UTC.
//   - What is no key's fault of form is 400 too: a taken name, one key too many, a value
//     outside its rules. Only an e-mail address that is taken is 409. Where the policy or
//     a new password let nobody see a value again, decrypt is 403.
//   - A key of an organization acts in it without o, and 403 with another one. A global
//     key without o means all of its organizations; to add a key it has to say one (400).
//   - Who may not list others' keys finds their own in the lists, no refusal. The list of
//     an organization holds no global keys.
//   - A key stands below its owner and its kind only: with another user's id, another
//     organization in o, or below /global it is 404. A foreign id is 404, as one that
//     never was.
//   - Lists are sorted by when things were made or by name, and stay so. page counts from
//     0, limit is 500 or less; l and p are heard for old scripts. Global keys are paged as
//     all others.
//   - Own records (users/self, also by id) take no permission; all others users:read.
//   - access_key is empty unless --compat-access-key is set and the caller may show it;
//     each one in an answer is a reveal in the audit log. account_id, account_name and
//     account_created_at are null without account:read.
//   - An invitation is answered without its link, which would give the account to whoever
//     reads the answer: make a link in the console. Passwords are not set here.
//   - A device is connected that checked in within a day.
package automox

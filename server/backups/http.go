package backups

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Routes are the doors to the backups. None hands one out: who wants the file has the
// host.
func (b *Backups) Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Get, Path: api.PathBackup, Guard: rest.Callers.With(perm.AccountRead), Do: rest.Do(b.get),
			Summary: "Say when the last proven backup was made, and whether the last try failed"},
		{Method: rest.Post, Path: api.PathBackup, Guard: rest.Sessions.With(perm.OrgsManage).Elevated(), Do: rest.Accept(b.post),
			Summary: "Make a backup in the server's folder now; it is made after the answer"},
	}
}

func (b *Backups) get(r *rest.Request, _ rest.None) (api.Backup, error) {
	return b.Status(r.Context(), r.Caller)
}

func (b *Backups) post(r *rest.Request, _ rest.None) (api.Backup, error) {
	return b.Ask(r.Context(), r.Caller)
}

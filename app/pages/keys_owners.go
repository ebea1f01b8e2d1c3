package pages

import (
	"strconv"

	"keystead/app/ui"
	"keystead/shared/api"
)

// ownerList knows the people by whom a list can be filtered: members of the
// organization where the caller may see them, and whoever owned a row so far.
type ownerList struct {
	names map[api.UserID]string
}

func (o *ownerList) forget() { *o = ownerList{} }

// see remembers the owners of rows.
func (o *ownerList) see(rows []api.Key) {
	for _, k := range rows {
		o.add(k.User.ID, ownerName(k.User))
	}
}

func (o *ownerList) add(id api.UserID, name string) {
	if o.names == nil {
		o.names = map[api.UserID]string{}
	}
	o.names[id] = name
}

// options are the lines of the filter: everyone, me, the others by name. The one that
// is chosen is there even if nothing is known of them.
func (o *ownerList) options(everyone string, me, chosen api.UserID) []ui.Option {
	ids := make([]api.UserID, 0, len(o.names)+1)
	for id := range o.names {
		if id != me {
			ids = append(ids, id)
		}
	}
	if _, known := o.names[chosen]; !known && chosen != 0 && chosen != me {
		ids = append(ids, chosen)
	}
	for i := range ids { // a team is small, and a generic sort is not
		for j := i; j > 0 && o.name(ids[j]) < o.name(ids[j-1]); j-- {
			ids[j], ids[j-1] = ids[j-1], ids[j]
		}
	}
	list := []ui.Option{{Value: "", Label: everyone}, {Value: userRef(me), Label: "Me"}}
	for _, id := range ids {
		list = append(list, ui.Option{Value: userRef(id), Label: o.name(id)})
	}
	return list
}

func (o *ownerList) name(id api.UserID) string {
	if name := o.names[id]; name != "" {
		return name
	}
	return "User " + userRef(id)
}

// userRef is a user's id as text; "" for none.
func userRef(id api.UserID) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

// userOf is the id of a reference made by [userRef].
func userOf(ref string) api.UserID {
	n, _ := strconv.ParseInt(ref, 10, 64)
	return api.UserID(n)
}

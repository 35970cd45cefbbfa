"""Who gets what answer, for every address and both verbs. It is read as a table and run as a whole.

`ok` is the page, `go` leads on to another one, `in` to the sign-in, `who` to the page for strangers. A number is the
status: 404 for what is not there for this person, 405 for the other verb of a button, 422 for a form without answers.
"""

from __future__ import annotations

SOCIETY_WHO = (
    "nobody", "another society's owner", "stranger", "mentee", "mentor", "committee", "support",
    "manager of another program", "manager of this program", "manager", "owner",
)  # fmt: skip
SOCIETY = """
#                                                                            nob els str tee tor com sup oth thi man own
GET   /sign-in/                                                              ok  ok  go  go  go  go  go  go  go  go  go
POST  /sign-in/                                                              422 422 go  go  go  go  go  go  go  go  go
GET   /sign-in/code/                                                         go
POST  /sign-in/code/                                                         go
GET   /sign-in/as/<slug:key>/                                                404
POST  /sign-in/as/<slug:key>/                                                404
GET   /sign-out/                                                             405
POST  /sign-out/                                                             go
GET   /welcome/                                                              in  in  ok  go  go  go  go  go  go  go  go
POST  /welcome/                                                              405
GET   /start/<str:token>/                                                    404
POST  /start/<str:token>/                                                    405
GET   /staff/what-to-run/                                                    in  in  who 404 404 404 404 404 404 go  go
POST  /staff/what-to-run/                                                    405
GET   /staff/what-to-run/from-sheet/                                         405
POST  /staff/what-to-run/from-sheet/                                         in  in  who 404 404 404 404 404 404 go  go
GET   /staff/settings/confirmation/                                          in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/confirmation/                                          in  in  who 404 404 404 404 404 404 404 ok
GET   /staff/settings/people-and-roles/                                      in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/people-and-roles/                                      in  in  who 404 404 404 404 404 404 404 422
GET   /staff/settings/people-and-roles/<uuid:pk>/until/                      in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/people-and-roles/<uuid:pk>/until/                      in  in  who 404 404 404 404 404 404 404 go
GET   /staff/settings/people-and-roles/<uuid:pk>/end/                        405
POST  /staff/settings/people-and-roles/<uuid:pk>/end/                        in  in  who 404 404 404 404 404 404 404 go
GET   /staff/settings/leaving/                                               in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/leaving/                                               in  in  who 404 404 404 404 404 404 404 422
GET   /staff/settings/leaving/mentorships/                                   in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/leaving/mentorships/                                   405
GET   /staff/settings/leaving/stay/                                          405
POST  /staff/settings/leaving/stay/                                          in  in  who 404 404 404 404 404 404 404 go
GET   /staff/settings/plan/                                                  in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/plan/                                                  405
GET   /staff/settings/plan/card/                                             in  in  who 404 404 404 404 404 404 404 go
POST  /staff/settings/plan/card/                                             in  in  who 404 404 404 404 404 404 404 422
GET   /staff/settings/plan/quote/                                            in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/plan/quote/                                            in  in  who 404 404 404 404 404 404 404 422
GET   /staff/settings/plan/change/                                           in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/plan/change/                                           in  in  who 404 404 404 404 404 404 404 422
GET   /staff/settings/plan/keep/                                             405
POST  /staff/settings/plan/keep/                                             in  in  who 404 404 404 404 404 404 404 go
GET   /staff/settings/plan/end/                                              in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/plan/end/                                              in  in  who 404 404 404 404 404 404 404 422
GET   /staff/settings/plan/go-on/                                            405
POST  /staff/settings/plan/go-on/                                            in  in  who 404 404 404 404 404 404 404 go
GET   /staff/settings/plan/payment/                                          in  in  who 404 404 404 404 404 404 404 go
POST  /staff/settings/plan/payment/                                          in  in  who 404 404 404 404 404 404 404 go
GET   /staff/settings/plan/contact/                                          in  in  who 404 404 404 404 404 404 404 go
POST  /staff/settings/plan/contact/                                          in  in  who 404 404 404 404 404 404 404 go
GET   /staff/settings/plan/certificate/                                      in  in  who 404 404 404 404 404 404 404 go
POST  /staff/settings/plan/certificate/                                      in  in  who 404 404 404 404 404 404 404 422
GET   /                                                                      ok
POST  /                                                                      405
GET   /programs/                                                             ok
POST  /programs/                                                             405
GET   /programs/<slug:slug>/                                                 ok
POST  /programs/<slug:slug>/                                                 405
GET   /sessions/<uuid:pk>/sign-up/<role:role>/                               in  in  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST  /sessions/<uuid:pk>/sign-up/<role:role>/                               in  in  422 422 422 422 422 422 422 422 422
GET   /sessions/<uuid:pk>/sign-up/<role:role>/not-this/                      in  in  who go  go  go  go  go  go  go  go
POST  /sessions/<uuid:pk>/sign-up/<role:role>/not-this/                      405
GET   /sessions/<uuid:pk>/sign-up/<role:role>/questions/                     in  in  who go  go  go  go  go  go  go  go
POST  /sessions/<uuid:pk>/sign-up/<role:role>/questions/                     405
GET   /sessions/<uuid:pk>/sign-up/<role:role>/questions/<slug:ask>/          in  in  who ok  go  go  go  go  go  go  go
POST  /sessions/<uuid:pk>/sign-up/<role:role>/questions/<slug:ask>/          in  in  who 422 go  go  go  go  go  go  go
GET   /sessions/<uuid:pk>/sign-up/<role:role>/check/                         in  in  who go  go  go  go  go  go  go  go
POST  /sessions/<uuid:pk>/sign-up/<role:role>/check/                         in  in  who go  go  go  go  go  go  go  go
GET   /sessions/<uuid:pk>/sign-up/<role:role>/paper/                         ok
POST  /sessions/<uuid:pk>/sign-up/<role:role>/paper/                         405
GET   /sessions/<uuid:pk>/sign-up/<role:role>/done/                          in  in  who ok  404 404 404 404 404 404 404
POST  /sessions/<uuid:pk>/sign-up/<role:role>/done/                          405
GET   /sessions/<uuid:pk>/sign-up/<role:role>/agree/                         in  in  who go  404 404 404 404 404 404 404
POST  /sessions/<uuid:pk>/sign-up/<role:role>/agree/                         in  in  who go  404 404 404 404 404 404 404
GET   /sessions/<uuid:pk>/sign-up/<role:role>/leave/                         405
POST  /sessions/<uuid:pk>/sign-up/<role:role>/leave/                         in  in  who go  404 404 404 404 404 404 404
GET   /fits/                                                                 ok
POST  /fits/                                                                 422
GET   /files/<uuid:pk>/                                                      in  in  who ok  404 404 404 404 ok  ok  ok
POST  /files/<uuid:pk>/                                                      405
GET   /me/                                                                   in  in  who ok  ok  ok  ok  ok  ok  ok  ok
POST  /me/                                                                   in  in  who go  go  go  go  go  go  go  go
GET   /me/stage/                                                             405
POST  /me/stage/                                                             in  in  who 422 422 422 422 422 422 422 422
GET   /me/copy/                                                              in  in  who ok  ok  ok  ok  ok  ok  ok  ok
POST  /me/copy/                                                              405
GET   /me/copy/file/                                                         in  in  who ok  ok  ok  ok  ok  ok  ok  ok
POST  /me/copy/file/                                                         405
GET   /me/copy/certificates/<uuid:pk>/                                       in  in  who 404 404 404 404 404 404 404 404
POST  /me/copy/certificates/<uuid:pk>/                                       405
GET   /me/other-address/                                                     in  in  who ok  ok  ok  ok  ok  ok  ok  ok
POST  /me/other-address/                                                     in  in  who 422 422 422 422 422 422 422 422
GET   /me/other-address/code/                                                in  in  who go  go  go  go  go  go  go  go
POST  /me/other-address/code/                                                in  in  who go  go  go  go  go  go  go  go
GET   /me/availability/                                                      in  in  who ok  ok  ok  ok  ok  ok  ok  ok
POST  /me/availability/                                                      405
GET   /me/availability/pause/                                                405
POST  /me/availability/pause/                                                in  in  who 422 422 422 422 422 422 422 422
GET   /me/availability/back/                                                 405
POST  /me/availability/back/                                                 in  in  who go  go  go  go  go  go  go  go
GET   /me/availability/room/                                                 405
POST  /me/availability/room/                                                 in  in  who go  go  go  go  go  go  go  go
GET   /me/availability/most/                                                 405
POST  /me/availability/most/                                                 in  in  who go  go  go  go  go  go  go  go
GET   /back/<str:token>/                                                     ok
POST  /back/<str:token>/                                                     ok
GET   /people/                                                               in  in  who 404 404 404 404 404 404 404 404
POST  /people/                                                               405
GET   /people/show-me/                                                       405
POST  /people/show-me/                                                       in  in  who 404 404 404 404 404 404 404 404
GET   /people/known/                                                         in  in  who 404 404 404 404 404 404 404 404
POST  /people/known/                                                         in  in  who 404 404 404 404 404 404 404 404
GET   /people/known/<uuid:pk>/take-back/                                     405
POST  /people/known/<uuid:pk>/take-back/                                     in  in  who go  go  go  go  go  go  go  go
GET   /people/<uuid:pk>/                                                     in  in  who 404 404 404 404 404 404 404 404
POST  /people/<uuid:pk>/                                                     in  in  who 404 404 404 404 404 404 404 404
GET   /people/line/<uuid:pk>/take-out/                                       405
POST  /people/line/<uuid:pk>/take-out/                                       in  in  who go  go  go  go  go  go  go  go
GET   /wishes/<uuid:pk>/                                                     in  in  who 404 404 404 404 404 404 404 404
POST  /wishes/<uuid:pk>/                                                     405
GET   /wishes/<uuid:pk>/people/<uuid:other>/                                 in  in  who 404 404 404 404 404 404 404 404
POST  /wishes/<uuid:pk>/people/<uuid:other>/                                 405
GET   /wishes/<uuid:pk>/put/                                                 405
POST  /wishes/<uuid:pk>/put/                                                 in  in  who 404 404 404 404 404 404 404 404
GET   /wishes/<uuid:pk>/take-out/                                            405
POST  /wishes/<uuid:pk>/take-out/                                            in  in  who 404 404 404 404 404 404 404 404
GET   /wishes/<uuid:pk>/show-me/                                             405
POST  /wishes/<uuid:pk>/show-me/                                             in  in  who 404 404 404 404 404 404 404 404
GET   /privacy/                                                              ok
POST  /privacy/                                                              405
GET   /robots.txt                                                            ok
POST  /robots.txt                                                            405
GET   /favicon.ico                                                           go
POST  /favicon.ico                                                           405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/                                 in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/                                 405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/suggest/                         405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/suggest/                         in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/begin/                           405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/begin/                           in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/at-a-glance/                     in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/at-a-glance/                     405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/at-a-glance/people/              in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/at-a-glance/people/              405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/at-a-glance/one-more/            405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/at-a-glance/one-more/            in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/what-matters/                    in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/what-matters/                    405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/what-matters/try/                405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/what-matters/try/                in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/what-matters/keep/               in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/what-matters/keep/               in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/stop/                            405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/stop/                            in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/left/                            in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/left/                            405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/why-not/                         in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/why-not/                         405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/why-not/try/                     in  in  who 404 404 404 404 404 go  go  go
POST  /staff/sessions/<uuid:cycle_pk>/pairs/why-not/try/                     405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/hold/<uuid:mentee>/<uuid:mentor>/ 405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/hold/<uuid:mentee>/<uuid:mentor>/ in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/note/<uuid:mentee>/<uuid:mentor>/ 405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/note/<uuid:mentee>/<uuid:mentor>/ in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/say/<uuid:mentee>/<uuid:mentor>/ 405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/say/<uuid:mentee>/<uuid:mentor>/ in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/take-back/<uuid:decision>/       405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/take-back/<uuid:decision>/       in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/runs/<uuid:run>/fair/            in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/runs/<uuid:run>/fair/            405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/runs/<uuid:run>/take-out/        in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/runs/<uuid:run>/take-out/        in  in  who 404 404 404 404 404 ok  ok  ok
GET   /staff/sessions/<uuid:cycle_pk>/pairs/publish/                         in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/publish/                         in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/publish/send-me/                 405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/publish/send-me/                 in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/publish/fewer/                   405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/publish/fewer/                   in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/publish/<uuid:publication>/stop/ 405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/publish/<uuid:publication>/stop/ in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/publish/<uuid:publication>/now/  405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/publish/<uuid:publication>/now/  in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/add/                             in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/add/                             in  in  who 404 404 404 404 404 422 422 422
GET   /staff/sessions/<uuid:cycle_pk>/pairs/change/<uuid:mentorship>/        in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/change/<uuid:mentorship>/        in  in  who 404 404 404 404 404 422 422 422
GET   /staff/sessions/<uuid:cycle_pk>/pairs/next/<uuid:next_best>/           in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/next/<uuid:next_best>/           405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/next/<uuid:next_best>/send/      405
POST  /staff/sessions/<uuid:cycle_pk>/pairs/next/<uuid:next_best>/send/      in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/pairs/<uuid:pk>/                       in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/<uuid:pk>/                       405
GET   /staff/sessions/<uuid:cycle_pk>/pairs/<uuid:pk>/swap/                  in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/pairs/<uuid:pk>/swap/                  in  in  who 404 404 404 404 404 422 422 422
GET   /staff/sessions/<uuid:cycle_pk>/pairs/what-changed/                    in  in  who 404 404 404 404 404 go  go  go
POST  /staff/sessions/<uuid:cycle_pk>/pairs/what-changed/                    405
GET   /staff/sessions/<uuid:cycle_pk>/council/                               in  in  who 404 404 ok  404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/council/                               405
GET   /staff/sessions/<uuid:cycle_pk>/council/seats/<int:number>/            in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/council/seats/<int:number>/            in  in  who 404 404 404 404 404 422 422 422
GET   /staff/sessions/<uuid:cycle_pk>/council/seats/<int:number>/free/       405
POST  /staff/sessions/<uuid:cycle_pk>/council/seats/<int:number>/free/       in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/council/ballot/                        in  in  who 404 404 404 404 404 go  go  go
POST  /staff/sessions/<uuid:cycle_pk>/council/ballot/                        in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/council/ballot/day/                    in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:cycle_pk>/council/ballot/day/                    in  in  who 404 404 404 404 404 422 422 422
GET   /staff/sessions/<uuid:cycle_pk>/council/ballot/remind/                 405
POST  /staff/sessions/<uuid:cycle_pk>/council/ballot/remind/                 in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/council/ballot/close/                  405
POST  /staff/sessions/<uuid:cycle_pk>/council/ballot/close/                  in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/council/ballot/call-off/               405
POST  /staff/sessions/<uuid:cycle_pk>/council/ballot/call-off/               in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/council/look-again/                    405
POST  /staff/sessions/<uuid:cycle_pk>/council/look-again/                    in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/council/adopt/                         in  in  who 404 404 404 404 404 go  go  go
POST  /staff/sessions/<uuid:cycle_pk>/council/adopt/                         in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/council/leave/                         in  in  who 404 404 404 404 404 go  go  go
POST  /staff/sessions/<uuid:cycle_pk>/council/leave/                         in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:cycle_pk>/council/vote/                          in  in  who 404 404 go  404 404 go  go  go
POST  /staff/sessions/<uuid:cycle_pk>/council/vote/                          405
GET   /council/<str:token>/                                                  ok
POST  /council/<str:token>/                                                  422
GET   /council/<str:token>/in-numbers/                                       ok
POST  /council/<str:token>/in-numbers/                                       422
GET   /council/<str:token>/take-back/                                        405
POST  /council/<str:token>/take-back/                                        go
GET   /mentorships/<uuid:pk>/                                                in  in  who ok  ok  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/                                                405
GET   /mentorships/<uuid:pk>/agree/                                          in  in  who go  go  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/agree/                                          in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/yes/                                            405
POST  /mentorships/<uuid:pk>/yes/                                            in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/not-this-one/                                   in  in  who ok  ok  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/not-this-one/                                   in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/by-mail/<str:token>/                                      ok
POST  /mentorships/by-mail/<str:token>/                                      405
GET   /mentorships/by-mail/<str:token>/agree/                                go
POST  /mentorships/by-mail/<str:token>/agree/                                go
GET   /mentorships/by-mail/<str:token>/yes/                                  405
POST  /mentorships/by-mail/<str:token>/yes/                                  go
GET   /mentorships/by-mail/<str:token>/not-this-one/                         ok
POST  /mentorships/by-mail/<str:token>/not-this-one/                         go
GET   /mentorships/<uuid:pk>/met/                                            in  in  who go  go  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/met/                                            in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/pause/                                          in  in  who go  go  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/pause/                                          in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/not-working/                                    in  in  who go  go  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/not-working/                                    in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/not-met/                                        405
POST  /mentorships/<uuid:pk>/not-met/                                        in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/back/                                           405
POST  /mentorships/<uuid:pk>/back/                                           in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/concern/                                        in  in  who go  go  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/concern/                                        in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/goals/                                          in  in  who go  go  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/goals/                                          in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/goals/<uuid:goal>/                              in  in  who go  go  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/goals/<uuid:goal>/                              in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/goals/<uuid:goal>/mark/                         405
POST  /mentorships/<uuid:pk>/goals/<uuid:goal>/mark/                         in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/goals/<uuid:goal>/take-out/                     405
POST  /mentorships/<uuid:pk>/goals/<uuid:goal>/take-out/                     in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/notes/new/                                      in  in  who go  go  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/notes/new/                                      in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/notes/<uuid:note>/                              in  in  who go  go  404 404 404 404 404 404
POST  /mentorships/<uuid:pk>/notes/<uuid:note>/                              in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/<uuid:pk>/notes/<uuid:note>/take-out/                     405
POST  /mentorships/<uuid:pk>/notes/<uuid:note>/take-out/                     in  in  who go  go  404 404 404 404 404 404
GET   /mentorships/by-mail/<str:token>/concern/                              go
POST  /mentorships/by-mail/<str:token>/concern/                              go
GET   /staff/settings/concerns/                                              in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/concerns/                                              in  in  who 404 404 404 404 404 404 404 422
GET   /mentorships/word/<str:token>/                                         go
POST  /mentorships/word/<str:token>/                                         go
GET   /mentorships/word/<str:token>/undo/                                    405
POST  /mentorships/word/<str:token>/undo/                                    422
GET   /mentorships/by-mail/<str:token>/met/                                  go
POST  /mentorships/by-mail/<str:token>/met/                                  go
GET   /mentorships/by-mail/<str:token>/pause/                                go
POST  /mentorships/by-mail/<str:token>/pause/                                go
GET   /mentorships/by-mail/<str:token>/not-working/                          go
POST  /mentorships/by-mail/<str:token>/not-working/                          go
GET   /mentorships/by-mail/<str:token>/not-met/                              405
POST  /mentorships/by-mail/<str:token>/not-met/                              go
GET   /mentorships/by-mail/<str:token>/back/                                 405
POST  /mentorships/by-mail/<str:token>/back/                                 go
GET   /staff/sessions/<uuid:pk>/keeping-in-touch/                            in  in  who 404 404 404 ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/keeping-in-touch/                            405
GET   /staff/sessions/<uuid:pk>/keeping-in-touch/<uuid:mentorship_pk>/       in  in  who 404 404 404 ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/keeping-in-touch/<uuid:mentorship_pk>/       405
GET   /staff/                                                                in  in  who 404 404 ok  ok  ok  ok  ok  ok
POST  /staff/                                                                405
GET   /staff/programs/                                                       in  in  who 404 404 ok  ok  ok  ok  ok  ok
POST  /staff/programs/                                                       405
GET   /staff/templates/                                                      in  in  who 404 404 404 404 404 404 ok  ok
POST  /staff/templates/                                                      405
GET   /staff/templates/from-file/                                            in  in  who 404 404 404 404 404 404 ok  ok
POST  /staff/templates/from-file/                                            in  in  who 404 404 404 404 404 404 422 422
GET   /staff/templates/<slug:name>/                                          in  in  who 404 404 404 404 404 404 ok  ok
POST  /staff/templates/<slug:name>/                                          in  in  who 404 404 404 404 404 404 422 422
GET   /staff/programs/<slug:slug>/                                           in  in  who 404 404 ok  ok  404 ok  ok  ok
POST  /staff/programs/<slug:slug>/                                           405
GET   /staff/programs/<slug:slug>/new-session/                               in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/new-session/                               in  in  who 404 404 404 404 404 422 422 422
GET   /staff/programs/<slug:slug>/copy/                                      in  in  who 404 404 404 404 404 404 ok  ok
POST  /staff/programs/<slug:slug>/copy/                                      in  in  who 404 404 404 404 404 404 422 422
GET   /staff/programs/<slug:slug>/show/                                      405
POST  /staff/programs/<slug:slug>/show/                                      in  in  who 404 404 404 404 404 go  go  go
GET   /staff/set-up/                                                         in  in  who 404 404 404 404 go  go  go  go
POST  /staff/set-up/                                                         in  in  who 404 404 404 404 go  go  go  go
GET   /staff/programs/<slug:slug>/first-mails/                               in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/first-mails/                               in  in  who 404 404 404 404 404 go  go  go
GET   /staff/programs/<slug:slug>/first-mails/<int:number>/                  in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/first-mails/<int:number>/                  405
GET   /staff/sessions/<uuid:pk>/share/                                       in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/share/                                       405
GET   /staff/sessions/<uuid:pk>/share/qr.svg                                 in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/share/qr.svg                                 405
GET   /staff/sessions/<uuid:pk>/share/qr.png                                 in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/share/qr.png                                 405
GET   /staff/sessions/<uuid:pk>/share/flyer.pdf                              in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/share/flyer.pdf                              405
GET   /staff/programs/<slug:slug>/rehearse/                                  in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/rehearse/                                  in  in  who 404 404 404 404 404 422 422 422
GET   /rehearsal/<str:token>/                                                404
POST  /rehearsal/<str:token>/                                                404
GET   /staff/rehearsal/                                                      in  in  who 404 404 404 404 404 404 404 404
POST  /staff/rehearsal/                                                      405
GET   /staff/rehearsal/later/                                                405
POST  /staff/rehearsal/later/                                                in  in  who 404 404 404 404 404 404 404 404
GET   /staff/rehearsal/let-in/                                               405
POST  /staff/rehearsal/let-in/                                               in  in  who 404 404 404 404 404 404 404 404
GET   /staff/rehearsal/end/                                                  405
POST  /staff/rehearsal/end/                                                  in  in  who 404 404 404 404 404 404 404 404
GET   /staff/programs/<slug:slug>/settings/                                  in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/settings/                                  405
GET   /staff/programs/<slug:slug>/settings/as-text/                          in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/settings/as-text/                          in  in  who 404 404 404 404 404 422 422 422
GET   /staff/programs/<slug:slug>/settings/logos/                            in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/settings/logos/                            in  in  who 404 404 404 404 404 422 422 422
GET   /staff/programs/<slug:slug>/settings/parts/                            405
POST  /staff/programs/<slug:slug>/settings/parts/                            in  in  who 404 404 404 404 404 go  go  go
GET   /staff/programs/<slug:slug>/settings/<slug:name>/                      in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/settings/<slug:name>/                      in  in  who 404 404 404 404 404 422 422 422
GET   /staff/programs/<slug:slug>/settings/parts/<int:part>/<slug:name>/     in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/settings/parts/<int:part>/<slug:name>/     in  in  who 404 404 404 404 404 ok  ok  ok
GET   /staff/programs/<slug:slug>/versions/                                  in  in  who 404 404 ok  ok  404 ok  ok  ok
POST  /staff/programs/<slug:slug>/versions/                                  405
GET   /staff/programs/<slug:slug>/versions/<int:number>/                     in  in  who 404 404 ok  ok  404 ok  ok  ok
POST  /staff/programs/<slug:slug>/versions/<int:number>/                     in  in  who 404 404 404 404 404 go  go  go
GET   /staff/programs/<slug:slug>/versions/<int:number>/file/                in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/versions/<int:number>/file/                405
GET   /programs/<slug:slug>/interest/                                        ok
POST  /programs/<slug:slug>/interest/                                        422
GET   /interest/<str:token>/                                                 ok
POST  /interest/<str:token>/                                                 ok
GET   /keep-me/<str:token>/                                                  ok
POST  /keep-me/<str:token>/                                                  ok
GET   /programs/logos/<slug:digest>.png                                      ok
POST  /programs/logos/<slug:digest>.png                                      405
GET   /surveys/<uuid:pk>/                                                    in  in  who ok  404 404 404 404 404 404 404
POST  /surveys/<uuid:pk>/                                                    in  in  who 422 404 404 404 404 404 404 404
GET   /surveys/by-mail/<str:token>/                                          ok
POST  /surveys/by-mail/<str:token>/                                          422
GET   /staff/sessions/<uuid:pk>/surveys/                                     in  in  who 404 404 ok  ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/surveys/                                     405
GET   /staff/sessions/<uuid:pk>/surveys/<int:position>/                      in  in  who 404 404 ok  ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/surveys/<int:position>/                      405
GET   /staff/sessions/<uuid:pk>/surveys/<int:position>/send/                 405
POST  /staff/sessions/<uuid:pk>/surveys/<int:position>/send/                 in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:pk>/surveys/<int:position>/send-me/              405
POST  /staff/sessions/<uuid:pk>/surveys/<int:position>/send-me/              in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:pk>/report/                                      in  in  who 404 404 ok  ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/report/                                      405
GET   /staff/sessions/<uuid:pk>/report.pdf                                   in  in  who 404 404 ok  ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/report.pdf                                   405
GET   /staff/comments/<uuid:pk>/quote/                                       405
POST  /staff/comments/<uuid:pk>/quote/                                       in  in  who 404 404 404 404 404 go  go  go
GET   /staff/programs/<slug:slug>/agreements/                                in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/agreements/                                405
GET   /staff/programs/<slug:slug>/agreements/sheet/                          405
POST  /staff/programs/<slug:slug>/agreements/sheet/                          in  in  who 404 404 404 404 404 ok  ok  ok
GET   /staff/programs/<slug:slug>/agreements/remind/                         in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/agreements/remind/                         in  in  who 404 404 404 404 404 go  go  go
GET   /staff/programs/<slug:slug>/interested/                                in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/interested/                                in  in  who 404 404 404 404 404 go  go  go
GET   /again/<str:token>/                                                    ok
POST  /again/<str:token>/                                                    go
GET   /again/<str:token>/with/<uuid:pk>/                                     go
POST  /again/<str:token>/with/<uuid:pk>/                                     go
GET   /again/<str:token>/<slug:role>/<slug:ask>/                             go
POST  /again/<str:token>/<slug:role>/<slug:ask>/                             go
GET   /staff/sessions/<uuid:pk>/next/                                        in  in  who 404 404 404 404 404 go  go  go
POST  /staff/sessions/<uuid:pk>/next/                                        in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:pk>/next/answers/                                in  in  who 404 404 404 ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/next/answers/                                405
GET   /staff/sessions/<uuid:pk>/next/write/                                  405
POST  /staff/sessions/<uuid:pk>/next/write/                                  in  in  who 404 404 404 404 404 go  go  go
GET   /invitations/<str:token>/                                              ok
POST  /invitations/<str:token>/                                              ok
GET   /invitations/<str:token>/no-more/                                      ok
POST  /invitations/<str:token>/no-more/                                      ok
GET   /sign-ups/by-phone/<str:token>/                                        ok
POST  /sign-ups/by-phone/<str:token>/                                        ok
GET   /programs/<slug:slug>/nominate/                                        in  in  who ok  ok  ok  ok  ok  ok  ok  ok
POST  /programs/<slug:slug>/nominate/                                        in  in  who 422 422 422 422 422 422 422 422
GET   /staff/sessions/<uuid:pk>/invitations/                                 in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/invitations/                                 405
GET   /staff/sessions/<uuid:pk>/invitations/one/                             in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/invitations/one/                             in  in  who 404 404 404 404 404 422 422 422
GET   /staff/sessions/<uuid:pk>/invitations/many/                            in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/invitations/many/                            in  in  who 404 404 404 404 404 ok  ok  ok
GET   /staff/invitations/<uuid:pk>/again/                                    405
POST  /staff/invitations/<uuid:pk>/again/                                    in  in  who 404 404 404 404 404 go  go  go
GET   /staff/invitations/<uuid:pk>/take-back/                                405
POST  /staff/invitations/<uuid:pk>/take-back/                                in  in  who 404 404 404 404 404 go  go  go
GET   /staff/invitations/rounds/<uuid:pk>/stop/                              405
POST  /staff/invitations/rounds/<uuid:pk>/stop/                              in  in  who 404 404 404 404 404 go  go  go
GET   /staff/programs/<slug:slug>/nominations/                               in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/nominations/                               405
GET   /staff/nominations/<uuid:pk>/set-aside/                                405
POST  /staff/nominations/<uuid:pk>/set-aside/                                in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:pk>/by-phone/                                    in  in  who 404 404 404 ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/by-phone/                                    in  in  who 404 404 404 422 404 422 422 422
GET   /staff/sign-ups/by-phone/<uuid:pk>/                                    in  in  who 404 404 404 ok  404 ok  ok  ok
POST  /staff/sign-ups/by-phone/<uuid:pk>/                                    in  in  who 404 404 404 go  404 go  go  go
GET   /staff/sign-ups/by-phone/<uuid:pk>/questions/<slug:ask>/               in  in  who 404 404 404 ok  404 ok  ok  ok
POST  /staff/sign-ups/by-phone/<uuid:pk>/questions/<slug:ask>/               in  in  who 404 404 404 422 404 422 422 422
GET   /staff/sign-ups/by-phone/<uuid:pk>/take-away/                          405
POST  /staff/sign-ups/by-phone/<uuid:pk>/take-away/                          in  in  who 404 404 404 go  404 go  go  go
GET   /staff/programs/<slug:slug>/who-qualifies/<int:part>/                  in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/programs/<slug:slug>/who-qualifies/<int:part>/                  in  in  who 404 404 404 404 404 ok  ok  ok
GET   /staff/programs/<slug:slug>/view-as/<int:part>/<slug:who>/<page:page>  in  in  who 404 404 ok  ok  404 ok  ok  ok
POST  /staff/programs/<slug:slug>/view-as/<int:part>/<slug:who>/<page:page>  in  in  who 404 404 422 422 404 422 422 422
GET   /staff/sessions/<uuid:pk>/view-as/<slug:who>/<page:page>               in  in  who 404 404 ok  ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/view-as/<slug:who>/<page:page>               in  in  who 404 404 422 422 404 422 422 422
GET   /staff/sessions/<uuid:pk>/cancel/                                      405
POST  /staff/sessions/<uuid:pk>/cancel/                                      in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:pk>/                                             in  in  who 404 404 ok  ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/                                             405
GET   /staff/sessions/<uuid:pk>/move/                                        405
POST  /staff/sessions/<uuid:pk>/move/                                        in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:pk>/dates/                                       in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/dates/                                       in  in  who 404 404 404 404 404 422 422 422
GET   /staff/sessions/<uuid:pk>/settings/                                    in  in  who 404 404 404 404 404 go  go  go
POST  /staff/sessions/<uuid:pk>/settings/                                    in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sessions/<uuid:pk>/people/                                      in  in  who 404 404 404 ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/people/                                      405
GET   /staff/sessions/<uuid:pk>/people/take-out/                             in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/people/take-out/                             in  in  who 404 404 404 404 404 ok  ok  ok
GET   /staff/sessions/<uuid:pk>/waiting/                                     in  in  who 404 404 404 ok  404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/waiting/                                     405
GET   /staff/sessions/<uuid:pk>/waiting/draw/                                in  in  who 404 404 404 404 404 go  go  go
POST  /staff/sessions/<uuid:pk>/waiting/draw/                                in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sign-ups/<uuid:pk>/move-up/                                     in  in  who 404 404 404 404 404 go  go  go
POST  /staff/sign-ups/<uuid:pk>/move-up/                                     in  in  who 404 404 404 404 404 go  go  go
GET   /staff/sign-ups/<uuid:pk>/                                             in  in  who 404 404 404 ok  404 ok  ok  ok
POST  /staff/sign-ups/<uuid:pk>/                                             in  in  who 404 404 404 404 404 422 422 422
GET   /staff/people/import/                                                  in  in  who 404 404 404 404 404 404 ok  ok
POST  /staff/people/import/                                                  in  in  who 404 404 404 404 404 404 422 422
GET   /staff/sessions/<uuid:pk>/import/                                      in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/sessions/<uuid:pk>/import/                                      in  in  who 404 404 404 404 404 422 422 422
GET   /staff/imports/<uuid:pk>/                                              in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/imports/<uuid:pk>/                                              in  in  who 404 404 404 404 404 go  go  go
GET   /staff/imports/<uuid:pk>/columns/                                      in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/imports/<uuid:pk>/columns/                                      in  in  who 404 404 404 404 404 go  go  go
GET   /staff/imports/<uuid:pk>/taken/                                        in  in  who 404 404 404 404 404 go  go  go
POST  /staff/imports/<uuid:pk>/taken/                                        in  in  who 404 404 404 404 404 go  go  go
GET   /staff/imports/<uuid:pk>/stop/                                         405
POST  /staff/imports/<uuid:pk>/stop/                                         in  in  who 404 404 404 404 404 go  go  go
GET   /staff/imports/<uuid:pk>/to-mend.csv                                   in  in  who 404 404 404 404 404 404 404 404
POST  /staff/imports/<uuid:pk>/to-mend.csv                                   405
GET   /staff/imports/<uuid:pk>/every-row.csv                                 in  in  who 404 404 404 404 404 ok  ok  ok
POST  /staff/imports/<uuid:pk>/every-row.csv                                 405
GET   /staff/people/                                                         in  in  who 404 404 404 ok  ok  ok  ok  ok
POST  /staff/people/                                                         405
GET   /staff/people/<uuid:pk>/                                               in  in  who 404 404 404 ok  404 ok  ok  ok
POST  /staff/people/<uuid:pk>/                                               405
GET   /staff/settings/                                                       in  in  who 404 404 404 404 404 404 404 ok
POST  /staff/settings/                                                       in  in  who 404 404 404 404 404 404 404 422
GET   /staff/mail/                                                           in  in  who 404 404 404 ok  404 404 ok  ok
POST  /staff/mail/                                                           405
GET   /staff/mail/many/                                                      in  in  who 404 404 404 404 404 404 ok  ok
POST  /staff/mail/many/                                                      405
GET   /staff/mail/many/<uuid:pk>/                                            in  in  who 404 404 404 404 404 404 ok  ok
POST  /staff/mail/many/<uuid:pk>/                                            405
GET   /staff/mail/many/<uuid:pk>/stop/                                       405
POST  /staff/mail/many/<uuid:pk>/stop/                                       in  in  who 404 404 404 404 404 404 go  go
GET   /staff/mail/postal-address/                                            in  in  who 404 404 404 404 404 404 ok  ok
POST  /staff/mail/postal-address/                                            in  in  who 404 404 404 404 404 404 422 422
GET   /staff/mail/<uuid:pk>/letter/                                          in  in  who 404 404 404 404 404 404 404 404
POST  /staff/mail/<uuid:pk>/letter/                                          405
GET   /staff/mail/<uuid:pk>/letter/html/                                     in  in  who 404 404 404 404 404 404 404 404
POST  /staff/mail/<uuid:pk>/letter/html/                                     405
GET   /staff/mail/<uuid:pk>/take-back/                                       405
POST  /staff/mail/<uuid:pk>/take-back/                                       in  in  who 404 404 404 go  404 404 go  go
GET   /brand/<slug:digest>.css                                               ok
POST  /brand/<slug:digest>.css                                               405
GET   /brand/<slug:digest>.png                                               ok
POST  /brand/<slug:digest>.png                                               405
"""

PUBLIC_WHO = ("nobody", "a society's owner", "no operator", "operator")
PUBLIC = """
#                                        nob soc no  op
GET   /                                  ok
POST  /                                  405
GET   /privacy/                          ok
POST  /privacy/                          405
GET   /robots.txt                        ok
POST  /robots.txt                        405
GET   /favicon.ico                       go
POST  /favicon.ico                       405
GET   /start/                            ok
POST  /start/                            422
GET   /plans/                            ok
POST  /plans/                            405
GET   /plans/tax-form/                   404
POST  /plans/tax-form/                   405
GET   /security/                         ok
POST  /security/                         405
GET   /status/                           ok
POST  /status/                           405
GET   /start/code/                       go
POST  /start/code/                       go
GET   /start/address/                    go
POST  /start/address/                    go
GET   /start/let-me-in/                  405
POST  /start/let-me-in/                  go
GET   /quotes/<str:token>/               ok
POST  /quotes/<str:token>/               422
GET   /quotes/<str:token>/pdf/           ok
POST  /quotes/<str:token>/pdf/           405
GET   /plans/for/<str:token>/            ok
POST  /plans/for/<str:token>/            422
GET   /start/go-on/<uuid:pk>/            405
POST  /start/go-on/<uuid:pk>/            go
GET   /start/left/<str:token>/           404
POST  /start/left/<str:token>/           404
GET   /start/ready/                      go
POST  /start/ready/                      405
GET   /terms/                            ok
POST  /terms/                            405
GET   /data-processing/                  ok
POST  /data-processing/                  405
GET   /console/societies/<uuid:pk>/confirm/ 405
POST  /console/societies/<uuid:pk>/confirm/ in  in  404 go
GET   /stripe/webhook/                   405
POST  /stripe/webhook/                   400
GET   /sign-in/                          ok  ok  go  go
POST  /sign-in/                          422 422 go  go
GET   /sign-in/code/                     go
POST  /sign-in/code/                     go
GET   /sign-in/as/<slug:key>/            404
POST  /sign-in/as/<slug:key>/            404
GET   /sign-out/                         405
POST  /sign-out/                         go
GET   /mail/notices/                     405
POST  /mail/notices/                     404
GET   /console/                          in  in  404 ok
POST  /console/                          405
GET   /console/societies/<uuid:pk>/      in  in  404 ok
POST  /console/societies/<uuid:pk>/      405
GET   /console/societies/<uuid:pk>/plan/ in  in  404 ok
POST  /console/societies/<uuid:pk>/plan/ 405
GET   /console/societies/<uuid:pk>/plan/begin/ 405
POST  /console/societies/<uuid:pk>/plan/begin/ in  in  404 go
GET   /console/societies/<uuid:pk>/plan/ask/ 405
POST  /console/societies/<uuid:pk>/plan/ask/ in  in  404 go
GET   /console/societies/<uuid:pk>/plan/certificate/ in  in  404 ok
POST  /console/societies/<uuid:pk>/plan/certificate/ 405
GET   /console/societies/<uuid:pk>/plan/certificate/accept/ 405
POST  /console/societies/<uuid:pk>/plan/certificate/accept/ in  in  404 go
GET   /console/societies/<uuid:pk>/plan/discount/ 405
POST  /console/societies/<uuid:pk>/plan/discount/ in  in  404 422
GET   /console/societies/<uuid:pk>/plan/discount/<uuid:discount>/back/ 405
POST  /console/societies/<uuid:pk>/plan/discount/<uuid:discount>/back/ in  in  404 go
GET   /console/societies/<uuid:pk>/plan/give/ 405
POST  /console/societies/<uuid:pk>/plan/give/ in  in  404 422
GET   /console/societies/<uuid:pk>/plan/given/<uuid:override>/back/ 405
POST  /console/societies/<uuid:pk>/plan/given/<uuid:override>/back/ in  in  404 go
GET   /console/societies/<uuid:pk>/plan/invoices/<uuid:invoice>/outside/ 405
POST  /console/societies/<uuid:pk>/plan/invoices/<uuid:invoice>/outside/ in  in  404 go
GET   /console/billing/                  in  in  404 ok
POST  /console/billing/                  405
GET   /console/jobs/                     in  in  404 ok
POST  /console/jobs/                     405
GET   /console/jobs/<uuid:pk>/try-again/ 405
POST  /console/jobs/<uuid:pk>/try-again/ in  in  404 go
"""

Cells = dict[tuple[str, str], list[str]]


def read(table: str, columns: int) -> Cells:
    """The rows of a table below the line of its columns: (verb, address) and the answers; one alone is everybody's."""
    cells: Cells = {}
    for line in table.strip().splitlines()[1:]:
        verb, route, *answers = line.split()
        assert len(answers) in (1, columns), line
        assert (verb, route) not in cells, line
        cells[verb, route] = answers if len(answers) == columns else answers * columns
    return cells

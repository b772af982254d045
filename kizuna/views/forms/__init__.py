"""Everything a notebook may show: one function a form, each given the page."""

from kizuna.views.forms.arrange import arrange
from kizuna.views.forms.askers import change_notes
from kizuna.views.forms.asking import feedback_asked, feedback_kit, feedback_message
from kizuna.views.forms.calendar import calendar
from kizuna.views.forms.camp import camp_days, camp_notes, room_papers, together, when_late
from kizuna.views.forms.care import check_up, copies, history
from kizuna.views.forms.certificate import certificate
from kizuna.views.forms.compare import compare_media
from kizuna.views.forms.consents import consents
from kizuna.views.forms.declaration import declaration
from kizuna.views.forms.design import design
from kizuna.views.forms.feedback import feedback_heard, feedback_readings
from kizuna.views.forms.first_hour import first_hour
from kizuna.views.forms.forgotten import forgotten
from kizuna.views.forms.gate import gate
from kizuna.views.forms.gathered import customer_words, gathered, goal
from kizuna.views.forms.guess import guess
from kizuna.views.forms.handin import hand_in, leaving, share_sheet
from kizuna.views.forms.health import tribe_health
from kizuna.views.forms.hung import hung
from kizuna.views.forms.improvements import improve
from kizuna.views.forms.intake import bring_feedback, bring_voices
from kizuna.views.forms.invitations import invite
from kizuna.views.forms.journey import journey
from kizuna.views.forms.members import tribe_members
from kizuna.views.forms.needs import needs
from kizuna.views.forms.offer import offers
from kizuna.views.forms.onepage import design_sheet, place_consents
from kizuna.views.forms.overview import course_map, glossary, principles
from kizuna.views.forms.overview import word_of_day_form as word_of_day
from kizuna.views.forms.papers import papers
from kizuna.views.forms.people import people
from kizuna.views.forms.plan import actions, choose, ideas, plan_sheet
from kizuna.views.forms.posts import five_points, posts, recurring
from kizuna.views.forms.practice import practice
from kizuna.views.forms.promises import promises
from kizuna.views.forms.proposals import feedback_proposals
from kizuna.views.forms.readings import reading
from kizuna.views.forms.rehearsal import rehearsal
from kizuna.views.forms.research import curve, heard, interview_kit, media_seen
from kizuna.views.forms.returning import returning
from kizuna.views.forms.review import coming_days, review_boxes, review_sheet, then_and_now
from kizuna.views.forms.self_study import five_weeks
from kizuna.views.forms.services import free_services
from kizuna.views.forms.simple import fields
from kizuna.views.forms.start import start
from kizuna.views.forms.talks import bring_talk, talk_log
from kizuna.views.forms.testimonials import show_voices
from kizuna.views.forms.thanks import thanks_box
from kizuna.views.forms.ties import introductions, ties
from kizuna.views.forms.timetable import timetable
from kizuna.views.forms.touches import touch_log
from kizuna.views.forms.traits import place_traits
from kizuna.views.forms.values import place_wishes, shared_values
from kizuna.views.way import next_link

__all__ = [
    "actions", "arrange", "bring_feedback", "bring_talk", "bring_voices", "calendar", "camp_days", "camp_notes",
    "certificate", "change_notes", "check_up", "choose", "coming_days", "compare_media", "consents", "copies",
    "course_map", "curve", "customer_words", "declaration", "design", "design_sheet", "feedback_asked",
    "feedback_heard", "feedback_kit", "feedback_message", "feedback_proposals", "feedback_readings", "fields",
    "first_hour", "five_points", "five_weeks", "forgotten", "free_services", "gate", "gathered", "glossary", "goal", "guess",
    "hand_in", "heard", "history", "hung", "ideas", "improve", "interview_kit", "introductions", "invite", "journey",
    "leaving", "media_seen", "needs", "next_link", "offers", "papers", "people", "place_consents", "place_traits",
    "place_wishes", "plan_sheet", "posts", "practice", "principles", "promises", "reading", "recurring", "rehearsal",
    "returning", "review_boxes", "review_sheet", "room_papers", "share_sheet", "shared_values", "show_voices", "start",
    "talk_log", "thanks_box", "then_and_now", "ties", "timetable", "together", "touch_log", "tribe_health",
    "tribe_members", "when_late", "word_of_day",
]  # fmt: skip

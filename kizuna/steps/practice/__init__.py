"""Practice (練習): tasks on somebody else's shop before one's own; every answer gets a sentence written for it."""

from kizuna.steps.practice.answers import Progress, answers, progress, save
from kizuna.steps.practice.exercise import Exercise, Work, exercise, exercises, words
from kizuna.steps.practice.replies import Kind, Reply, Wish, reply, wishes
from kizuna.steps.practice.tasks import Guess, Number, One, Option, Order, Several, Task, Writing
from kizuna.steps.practice.voices import Spoken, spoken

__all__ = [
    "Exercise",
    "Guess",
    "Kind",
    "Number",
    "One",
    "Option",
    "Order",
    "Progress",
    "Reply",
    "Several",
    "Spoken",
    "Task",
    "Wish",
    "Work",
    "Writing",
    "answers",
    "exercise",
    "exercises",
    "progress",
    "reply",
    "save",
    "spoken",
    "wishes",
    "words",
]

"""Who may do what: the role table, as the code holds it."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.http import MemberRequest
from agencies.roles import ROLE_TABLE, Permission


def roles(request: MemberRequest) -> HttpResponse:
    rows = [
        {
            "permission": permission,
            "cells": [(role, permission in rule.permissions) for role, rule in ROLE_TABLE.items()],
        }
        for permission in Permission
    ]
    values = {
        "roles": [{"role": role, "sentence": rule.sentence} for role, rule in ROLE_TABLE.items()],
        "rows": rows,
        "own_role": request.member.role,
    }
    return render(request, "agencies/roles.html", values)
